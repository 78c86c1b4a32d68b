package io.pgqrs.annotation;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.stream.Stream;

import io.pgqrs.workflow.WorkflowContext;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.ReflectiveProcessor;

/**
 * Lets a native image call workflows and steps, and write and read what they take and
 * return.
 */
final class WorkflowReflectiveProcessor implements ReflectiveProcessor {

	private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

	@Override
	public void registerReflectionHints(ReflectionHints hints, AnnotatedElement element) {
		if (element instanceof Method method) {
			hints.registerMethod(method, ExecutableMode.INVOKE);
			Type[] types = Stream
				.concat(Stream.of(method.getGenericParameterTypes()), Stream.of(method.getGenericReturnType()))
				.filter((type) -> type != WorkflowContext.class && type != void.class)
				.toArray(Type[]::new);
			this.binding.registerReflectionHints(hints, types);
		}
	}

}
