package io.pgqrs.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;

/** Which methods the proxy of a bean passes on to its target. */
final class ProxiedMethods {

	private ProxiedMethods() {
	}

	/**
	 * Why no proxy at all can pass a method on.
	 * @return null if there are some that can
	 */
	static @Nullable String objection(Method method) {
		int modifiers = method.getModifiers();
		return (Modifier.isStatic(modifiers) || Modifier.isPrivate(modifiers))
				? "it is " + (Modifier.isStatic(modifiers) ? "static" : "private")
						+ ", so no proxy can pass calls on. Remove the modifier"
				: null;
	}

	/**
	 * Why a method cannot be called through its bean, or could not if that had a proxy.
	 * @param bean may be a proxy
	 * @param type the target class
	 * @param method of the target class
	 * @return null if it can
	 */
	static @Nullable String objection(Object bean, Class<?> type, Method method) {
		String objection = objection(method);
		if (objection != null) {
			return objection;
		}
		if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers())) {
			return "it is final, so the proxy of its bean cannot pass calls on. Remove the modifier";
		}
		if (AopUtils.isCglibProxy(bean) && !isVisible(type, method)) {
			return "it is package-private in another package than " + type.getName()
					+ ", so the proxy of its bean cannot pass calls on. Make it protected or public";
		}
		if (AopUtils.isJdkDynamicProxy(bean) && ofInterface(bean, type, method) == null) {
			return "no interface of its bean has it, and the bean has a JDK proxy, which has nothing else. Declare it in "
					+ "an interface, or have the bean proxied as a class, by @Proxyable(TARGET_CLASS) or by "
					+ "proxyTargetClass = true where proxies are enabled";
		}
		return null;
	}

	private static boolean isVisible(Class<?> type, Method method) {
		Class<?> declaring = method.getDeclaringClass();
		return Modifier.isPublic(method.getModifiers()) || Modifier.isProtected(method.getModifiers())
				|| (declaring.getPackageName().equals(type.getPackageName())
						&& declaring.getClassLoader() == type.getClassLoader());
	}

	/**
	 * What to call on a JDK proxy; also if the interface is generic, so that its
	 * parameters are of other types.
	 * @return null if none of its interfaces has the method
	 */
	static @Nullable Method ofInterface(Object proxy, Class<?> type, Method method) {
		return Arrays.stream(proxy.getClass().getInterfaces())
			.flatMap((implemented) -> Arrays.stream(implemented.getMethods()))
			.filter((candidate) -> AnnotatedMethods.specific(type, candidate).equals(method))
			.findFirst()
			.orElse(null);
	}

}
