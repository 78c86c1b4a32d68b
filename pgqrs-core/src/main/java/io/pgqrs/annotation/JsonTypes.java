package io.pgqrs.annotation;

import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.GenericTypeResolver;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * What workflows and steps take and return, as the class sees it that inherits the
 * method. A result has to be there when the method returns, and to survive being written
 * as JSON and read back.
 */
final class JsonTypes {

	private static final List<Class<?>> UNFIT = List.of(Future.class, CompletionStage.class, Flow.Publisher.class,
			BaseStream.class, Iterator.class, InputStream.class, Reader.class);

	private static final String REACTIVE_PUBLISHER = "org.reactivestreams.Publisher";

	private JsonTypes() {
	}

	static Type ofParameter(Method method, int index, Class<?> type) {
		return concrete(method.getGenericParameterTypes()[index], type,
				ResolvableType.forMethodParameter(method, index, type));
	}

	/** Type of the result: {@code Void.class} for none, a wrapper for a primitive. */
	static Type ofResult(Method method, Class<?> type) {
		if (method.getReturnType() == void.class) {
			return Void.class;
		}
		Type result = concrete(method.getGenericReturnType(), type, ResolvableType.forMethodReturnType(method, type));
		return (result instanceof Class<?> raw) ? ClassUtils.resolvePrimitiveIfNecessary(raw) : result;
	}

	/** With the variables of generic classes replaced by what stands for them. */
	private static Type concrete(Type declared, Class<?> type, ResolvableType resolvable) {
		Type resolved = GenericTypeResolver.resolveType(declared, type);
		return (resolved instanceof Class || resolved instanceof ParameterizedType) ? resolved
				: resolvable.resolve(Object.class);
	}

	/** What is wrong with the result, or null. */
	static @Nullable String objection(Method method, Class<?> type) {
		Class<?> result = GenericTypeResolver.resolveReturnType(method, type);
		if (UNFIT.stream().anyMatch((each) -> each.isAssignableFrom(result)) || isReactivePublisher(result)
				|| KotlinDetector.isSuspendingFunction(method)) {
			return "it returns " + result.getName() + ", which cannot be recorded. Return when the work is done, and "
					+ "return what can be written as JSON and read back";
		}
		Type declared = GenericTypeResolver.resolveType(method.getGenericReturnType(), type);
		return (declared instanceof TypeVariable) ? "it returns " + declared.getTypeName()
				+ ", of which nothing is known when it is read back from JSON. Return a class" : null;
	}

	private static boolean isReactivePublisher(Class<?> type) {
		return type.getName().equals(REACTIVE_PUBLISHER) || ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.anyMatch((implemented) -> implemented.getName().equals(REACTIVE_PUBLISHER));
	}

}
