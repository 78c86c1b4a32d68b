package io.pgqrs.spring.boot.autoconfigure;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.pgqrs.annotation.PgqrsListener;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/**
 * Keeps beans with listeners from being initialized lazily: nobody else asks for them.
 */
final class PgqrsListenerLazyInitializationExcludeFilter implements LazyInitializationExcludeFilter {

	private final Map<Class<?>, Boolean> listeners = new ConcurrentHashMap<>();

	@Override
	public boolean isExcluded(String beanName, BeanDefinition beanDefinition, Class<?> beanType) {
		return this.listeners.computeIfAbsent(ClassUtils.getUserClass(beanType),
				PgqrsListenerLazyInitializationExcludeFilter::hasListener);
	}

	private static boolean hasListener(Class<?> type) {
		if (AopInfrastructureBean.class.isAssignableFrom(type)
				|| !AnnotationUtils.isCandidateClass(type, PgqrsListener.class)) {
			return false;
		}
		return !MethodIntrospector
			.selectMethods(type,
					(MetadataLookup<Boolean>) (method) -> MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
						.isPresent(PgqrsListener.class) ? Boolean.TRUE : null)
			.isEmpty();
	}

}
