package io.pgqrs.annotation;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.pgqrs.Arguments;
import io.pgqrs.InvalidArgumentException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/**
 * The steps of classes: found, checked and resolved once for each class, when its first
 * bean is created.
 */
final class StepMethods {

	private final Map<Class<?>, Map<Method, StepMethod>> steps = new ConcurrentHashMap<>();

	private final ConfigurableBeanFactory beanFactory;

	StepMethods(ConfigurableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * The step that a method is.
	 * @param method may be that of an interface or a superclass
	 * @param type the class of the target, or a proxy class
	 * @return null if it is none
	 */
	@Nullable StepMethod find(Method method, Class<?> type) {
		return of(type).get(AnnotatedMethods.specific(type, method));
	}

	/**
	 * All steps of a class.
	 * @param type the class of a target, or a proxy class
	 * @return by the method
	 * @throws InvalidWorkflowException if one of them cannot work
	 */
	Map<Method, StepMethod> of(Class<?> type) {
		Class<?> userType = ClassUtils.getUserClass(type);
		Map<Method, StepMethod> steps = this.steps.get(userType);
		if (steps == null) {
			// Not computeIfAbsent: an expression can have other beans created meanwhile.
			steps = read(userType);
			this.steps.put(userType, steps);
		}
		return steps;
	}

	private Map<Method, StepMethod> read(Class<?> type) {
		Map<Method, StepMethod> steps = new HashMap<>();
		AnnotatedMethods.find(type, PgqrsStep.class)
			.forEach((method, annotations) -> steps.put(method, step(type, method, annotations.get(0))));
		refuseSelfInvocations(type, steps.keySet());
		return Map.copyOf(steps);
	}

	private StepMethod step(Class<?> type, Method method, MergedAnnotation<PgqrsStep> annotation) {
		String description = AnnotatedMethods.describe(type, method);
		String objection = objection(type, method);
		if (objection != null) {
			throw new InvalidWorkflowException("Step " + description + " cannot work: " + objection);
		}
		StepAttributes attributes = new StepAttributes(annotation, description, this.beanFactory);
		try {
			return new StepMethod(Arguments.name("step", attributes.name(method.getName())),
					ParameterizedTypeReference.forType(JsonTypes.ofResult(method, type)), attributes.options(),
					attributes.transactional());
		}
		catch (InvalidArgumentException ex) {
			throw new InvalidWorkflowException("The @PgqrsStep on " + description + " cannot work: " + ex.getMessage(),
					ex);
		}
	}

	private static @Nullable String objection(Class<?> type, Method method) {
		if (MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).isPresent(PgqrsWorkflow.class)) {
			return "it is a workflow, too. Remove one of the annotations";
		}
		String objection = ProxiedMethods.objection(method);
		return (objection != null) ? objection : JsonTypes.objection(method, type);
	}

	private static void refuseSelfInvocations(Class<?> type, Set<Method> steps) {
		Set<String> calls = steps.isEmpty() ? Set.of() : SelfInvocations.find(type, steps);
		if (!calls.isEmpty()) {
			throw new InvalidWorkflowException(type.getName() + " calls its own steps on 'this': "
					+ String.join(", ", calls)
					+ ". Such a call goes past the proxy of the bean, so the step would not be "
					+ "remembered. Move the steps to a bean of their own, or call them on the bean itself, injected as "
					+ "ObjectProvider<" + type.getSimpleName() + "> or @Lazy " + type.getSimpleName()
					+ ", or let them be lambdas of WorkflowContext.step");
		}
	}

}
