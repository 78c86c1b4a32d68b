package io.pgqrs.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotation;

/**
 * A bean with annotated methods.
 *
 * @param bean may be a proxy
 * @param name of the bean
 * @param type the target class
 * @param methods of the target class, and their annotations
 */
record AnnotatedBean<A extends Annotation>(Object bean, String name, Class<?> type,
		Map<Method, List<MergedAnnotation<A>>> methods) {

	/**
	 * What everybody else gets. Not what a post-processor saw if the bean is part of a
	 * cycle, for then its proxy was made earlier.
	 */
	AnnotatedBean<A> finished(ConfigurableListableBeanFactory beanFactory) {
		Object singleton = beanFactory.getSingleton(this.name);
		return (singleton != null && AopUtils.getTargetClass(singleton) == this.type)
				? new AnnotatedBean<>(singleton, this.name, this.type, this.methods) : this;
	}

}
