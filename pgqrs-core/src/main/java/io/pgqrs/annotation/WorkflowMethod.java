package io.pgqrs.annotation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.stream.Stream;

import io.pgqrs.PayloadConversionException;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowFunction;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.ReflectionUtils;

/**
 * A method of a bean as the code of a workflow: its parameters as the target class
 * declares them, called through the bean, which may be a proxy.
 */
final class WorkflowMethod implements WorkflowFunction<Object, Object> {

	private static final int NONE = -1;

	private final Object bean;

	private final Class<?> targetClass;

	private final Method method;

	private final String description;

	private final Method invocable;

	private final int contextIndex;

	private final int inputIndex;

	WorkflowMethod(String beanName, Object bean, Method method) {
		this.bean = bean;
		this.targetClass = AopUtils.getTargetClass(bean);
		this.method = method;
		this.description = AnnotatedMethods.describe(this.targetClass, method) + " of bean '" + beanName + "'";
		refuse(ProxiedMethods.objection(bean, this.targetClass, method));
		refuse(JsonTypes.objection(method, this.targetClass));
		refuse(transactionObjection());
		this.invocable = invocable();
		this.contextIndex = index(true);
		this.inputIndex = index(false);
	}

	/** Nothing of a run would be durable before such a transaction commits. */
	private @Nullable String transactionObjection() {
		MergedAnnotation<Transactional> annotation = Stream.of(this.method, this.targetClass)
			.map((element) -> MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).get(Transactional.class))
			.filter(MergedAnnotation::isPresent)
			.findFirst()
			.orElse(MergedAnnotation.missing());
		boolean begins = annotation.isPresent() && switch (annotation.getEnum("propagation", Propagation.class)) {
			case REQUIRED, REQUIRES_NEW, MANDATORY, NESTED -> true;
			case SUPPORTS, NOT_SUPPORTED, NEVER -> false;
		};
		return begins ? "it is @Transactional, and none of its steps could be recorded before it ends. Make the steps "
				+ "transactional that need it" : null;
	}

	private Method invocable() {
		Method ofInterface = AopUtils.isJdkDynamicProxy(this.bean)
				? ProxiedMethods.ofInterface(this.bean, this.targetClass, this.method) : null;
		Method invocable = (ofInterface != null) ? ofInterface : this.method;
		ReflectionUtils.makeAccessible(invocable);
		return invocable;
	}

	private int index(boolean context) {
		Class<?>[] types = this.method.getParameterTypes();
		int found = NONE;
		for (int i = 0; i < types.length; i++) {
			if ((types[i] == WorkflowContext.class) == context) {
				if (found != NONE) {
					refuse("it takes more than a WorkflowContext and one input. Put all that it needs into the input, "
							+ "which can be a record");
				}
				found = i;
			}
		}
		return found;
	}

	Type inputType() {
		return (this.inputIndex != NONE) ? JsonTypes.ofParameter(this.method, this.inputIndex, this.targetClass)
				: Void.class;
	}

	Type resultType() {
		return JsonTypes.ofResult(this.method, this.targetClass);
	}

	@Override
	public @Nullable Object run(WorkflowContext context, @Nullable Object input) throws Exception {
		@Nullable Object[] arguments = new Object[this.method.getParameterCount()];
		if (this.contextIndex != NONE) {
			arguments[this.contextIndex] = context;
		}
		if (this.inputIndex != NONE) {
			checkPresent(context, input);
			arguments[this.inputIndex] = input;
		}
		try {
			return this.invocable.invoke(this.bean, arguments);
		}
		catch (InvocationTargetException ex) {
			throw thrown(ex.getTargetException());
		}
		catch (IllegalArgumentException | IllegalAccessException ex) {
			throw new IllegalStateException("Workflow " + this + " cannot be called: " + ex.getMessage(), ex);
		}
	}

	private void checkPresent(WorkflowContext context, @Nullable Object input) {
		Class<?> type = this.method.getParameterTypes()[this.inputIndex];
		if (input == null && type.isPrimitive()) {
			throw new PayloadConversionException("Run " + context.runId() + " has no input, but workflow " + this
					+ " takes a value of type " + type + ". Start it with one, or let the method take an object", null);
		}
	}

	/** What the method threw itself: a proxy wraps what the method does not declare. */
	private static Exception thrown(Throwable exception) {
		Throwable own = (exception instanceof UndeclaredThrowableException undeclared
				&& undeclared.getUndeclaredThrowable() != null) ? undeclared.getUndeclaredThrowable() : exception;
		if (own instanceof Error error) {
			throw error;
		}
		return (own instanceof Exception checked) ? checked : new UndeclaredThrowableException(own);
	}

	private void refuse(@Nullable String objection) {
		if (objection != null) {
			throw new InvalidWorkflowException("Workflow " + this + " cannot work: " + objection);
		}
	}

	/** The method and its bean. */
	@Override
	public String toString() {
		return this.description;
	}

}
