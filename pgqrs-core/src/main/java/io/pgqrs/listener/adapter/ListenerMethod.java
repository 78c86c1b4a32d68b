package io.pgqrs.listener.adapter;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import io.pgqrs.listener.InvalidListenerException;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * A method of a bean: its parameters as the target class declares them, called through
 * the bean, which may be a proxy.
 */
final class ListenerMethod extends AnnotatedMethod {

	private static final String REACTIVE_PUBLISHER = "org.reactivestreams.Publisher";

	private final String beanName;

	private final Object bean;

	private final Class<?> targetClass;

	private final Method invocable;

	ListenerMethod(String beanName, Object bean, Method method) {
		super(method);
		this.beanName = beanName;
		this.bean = bean;
		this.targetClass = AopUtils.getTargetClass(bean);
		this.invocable = invocable(bean, method);
		checkReturnsWhenDone();
		DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();
		for (MethodParameter parameter : getMethodParameters()) {
			parameter.initParameterNameDiscovery(names);
		}
	}

	private Method invocable(Object bean, Method method) {
		if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers())) {
			throw invalid("it is final, so the proxy of its bean cannot pass calls on. Remove the modifier");
		}
		try {
			Method invocable = AopUtils.isJdkDynamicProxy(bean) ? ofInterface(bean, method)
					: AopUtils.selectInvocableMethod(method, bean.getClass());
			ReflectionUtils.makeAccessible(invocable);
			return invocable;
		}
		catch (IllegalStateException ex) {
			throw new InvalidListenerException(
					"Listener " + this + " cannot be called through the proxy of its bean: " + ex.getMessage(), ex);
		}
	}

	/** Also if the interface is generic, so that its parameters are of other types. */
	private Method ofInterface(Object proxy, Method method) {
		return Arrays.stream(proxy.getClass().getInterfaces())
			.flatMap((type) -> Arrays.stream(type.getMethods()))
			.filter((candidate) -> candidate.getName().equals(method.getName())
					&& BridgeMethodResolver.getMostSpecificMethod(candidate, this.targetClass).equals(method))
			.findFirst()
			.orElseGet(() -> AopUtils.selectInvocableMethod(method, proxy.getClass()));
	}

	private void checkReturnsWhenDone() {
		Class<?> type = getReturnType().getParameterType();
		boolean async = Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type)
				|| Flow.Publisher.class.isAssignableFrom(type) || isReactivePublisher(type)
				|| KotlinDetector.isSuspendingFunction(getMethod());
		if (async) {
			throw invalid("it returns " + type.getName() + ", which nobody would wait for: its messages would count as "
					+ "handled before they are. Return when the work is done");
		}
	}

	private static boolean isReactivePublisher(Class<?> type) {
		return type.getName().equals(REACTIVE_PUBLISHER) || ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.anyMatch((implemented) -> implemented.getName().equals(REACTIVE_PUBLISHER));
	}

	@Override
	protected Class<?> getContainingClass() {
		return this.targetClass;
	}

	void invoke(@Nullable Object[] arguments) throws Exception {
		try {
			this.invocable.invoke(this.bean, arguments);
		}
		catch (InvocationTargetException ex) {
			throw thrown(ex.getTargetException());
		}
		catch (IllegalArgumentException | IllegalAccessException ex) {
			throw new IllegalStateException("Listener " + this + " cannot be called: " + ex.getMessage(), ex);
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

	InvalidListenerException invalid(String reason) {
		return new InvalidListenerException("Listener " + this + " cannot work: " + reason);
	}

	InvalidListenerException invalid(MethodParameter parameter, String reason) {
		return invalid("its parameter " + describe(parameter) + " " + reason);
	}

	static String describe(MethodParameter parameter) {
		String name = parameter.getParameterName();
		return parameter.getParameterIndex() + " (" + parameter.getGenericParameterType().getTypeName()
				+ ((name != null) ? " " + name : "") + ")";
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

	@Override
	public String toString() {
		String parameters = Arrays.stream(getMethod().getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", "));
		return this.targetClass.getName() + "." + getMethod().getName() + "(" + parameters + ") of bean '"
				+ this.beanName + "'";
	}

}
