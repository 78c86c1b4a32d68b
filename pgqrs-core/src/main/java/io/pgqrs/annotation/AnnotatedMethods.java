package io.pgqrs.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/** Finds annotated methods. */
final class AnnotatedMethods {

	private static final String MOCK = "$MockitoMock$";

	private AnnotatedMethods() {
	}

	/**
	 * Whether a bean can have annotated methods of its own. A scoped proxy is skipped
	 * like everywhere in Spring: its targets come by themselves.
	 */
	static boolean canBeIn(Object bean) {
		return !(bean instanceof AopInfrastructureBean) && !bean.getClass().getName().contains(MOCK)
				&& !AopUtils.getTargetClass(bean).getName().contains(MOCK);
	}

	/** Annotated methods of a class, with those that it inherits. */
	static <A extends Annotation> Map<Method, List<MergedAnnotation<A>>> find(Class<?> type, Class<A> annotationType) {
		if (!AnnotationUtils.isCandidateClass(type, annotationType)) {
			return Map.of();
		}
		Map<Method, List<MergedAnnotation<A>>> methods = new LinkedHashMap<>();
		MethodIntrospector.selectMethods(type, (MetadataLookup<List<MergedAnnotation<A>>>) (method) -> {
			List<MergedAnnotation<A>> annotations = annotations(method, annotationType);
			return annotations.isEmpty() ? null : annotations;
		}).forEach((method, annotations) -> methods.putIfAbsent(specific(type, method), annotations));
		return methods;
	}

	/**
	 * What a class calls if the method is called. Never a bridge, such as the compiler
	 * adds for a public method of a superclass that is not public: it has lost the types.
	 * @param type a class, or that of a JDK proxy, which has nothing but interfaces
	 * @param method of the class, a superclass or an interface
	 */
	static Method specific(Class<?> type, Method method) {
		return Proxy.isProxyClass(type) ? method : AopUtils.getMostSpecificMethod(method, type);
	}

	/**
	 * Those nearest to the method: an overriding method's replace the overridden one's.
	 */
	private static <A extends Annotation> List<MergedAnnotation<A>> annotations(Method method,
			Class<A> annotationType) {
		List<MergedAnnotation<A>> all = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
			.stream(annotationType)
			.toList();
		int nearest = all.stream().mapToInt(MergedAnnotation::getAggregateIndex).min().orElse(0);
		return all.stream().filter((annotation) -> annotation.getAggregateIndex() == nearest).toList();
	}

	/** For messages. */
	static String describe(Class<?> type, Method method) {
		String parameters = Arrays.stream(method.getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", "));
		return type.getName() + "." + method.getName() + "(" + parameters + ")";
	}

}
