package io.pgqrs.spring.boot.autoconfigure;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.annotation.PgqrsWorkflow;

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
 * Keeps beans with listeners or workflows from being initialized lazily: nobody else asks
 * for them.
 */
final class PgqrsLazyInitializationExcludeFilter implements LazyInitializationExcludeFilter {

	private static final List<Class<? extends Annotation>> ANNOTATIONS = List.of(PgqrsListener.class,
			PgqrsWorkflow.class);

	private final Map<Class<?>, Boolean> annotated = new ConcurrentHashMap<>();

	@Override
	public boolean isExcluded(String beanName, BeanDefinition beanDefinition, Class<?> beanType) {
		return this.annotated.computeIfAbsent(ClassUtils.getUserClass(beanType),
				PgqrsLazyInitializationExcludeFilter::isAnnotated);
	}

	private static boolean isAnnotated(Class<?> type) {
		if (AopInfrastructureBean.class.isAssignableFrom(type)
				|| !AnnotationUtils.isCandidateClass(type, ANNOTATIONS)) {
			return false;
		}
		return !MethodIntrospector
			.selectMethods(type, (MetadataLookup<Boolean>) (method) -> isAnnotated(method) ? Boolean.TRUE : null)
			.isEmpty();
	}

	private static boolean isAnnotated(Method method) {
		MergedAnnotations annotations = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
		return ANNOTATIONS.stream().anyMatch(annotations::isPresent);
	}

}
