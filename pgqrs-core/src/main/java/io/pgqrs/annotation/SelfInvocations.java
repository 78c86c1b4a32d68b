package io.pgqrs.annotation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.pgqrs.annotation.OwnCalls.Body;
import io.pgqrs.annotation.OwnCalls.Member;
import org.jspecify.annotations.Nullable;

import org.springframework.asm.ClassReader;
import org.springframework.util.ClassUtils;

/**
 * Finds calls of a class's own steps on {@code this}, which go past its proxy: in all
 * that is called from outside, and what that calls in turn. What happens inside of a step
 * is left out, for there a step is a plain call anyhow.
 * <p>
 * A class file shows what is called, but not on which object. So nothing is found in a
 * method that comes by a reference to the own type in any other way than {@code this}: it
 * may be that of the proxy. What cannot be read, shows nothing, and neither does what
 * another class calls that was given {@code this}.
 */
final class SelfInvocations {

	private final Class<?> type;

	/** The steps, and whatever these override or are called by as bridges. */
	private final Set<Member> steps = new HashSet<>();

	/** The class and its superclasses, as far as these know of a step. */
	private final List<Class<?>> classes;

	private final OwnCalls calls;

	private final Set<Member> followed = new HashSet<>();

	private final Set<String> found = new LinkedHashSet<>();

	private SelfInvocations(Class<?> type, Collection<Method> steps) {
		this.type = type;
		Set<Class<?>> superclasses = superclasses(type);
		Set<Class<?>> interfaces = ClassUtils.getAllInterfacesForClassAsSet(type);
		Set<Class<?>> declaring = new HashSet<>();
		Stream.concat(superclasses.stream(), interfaces.stream())
			.flatMap((each) -> Stream.of(each.getDeclaredMethods()))
			.filter((method) -> steps.contains(AnnotatedMethods.specific(type, method)))
			.forEach((method) -> {
				this.steps.add(Member.of(method));
				declaring.add(method.getDeclaringClass());
			});
		this.classes = superclasses.stream().filter((each) -> inherits(each, declaring)).toList();
		this.calls = new OwnCalls(type,
				Stream.concat(this.classes.stream(), interfaces.stream().filter((each) -> inherits(each, declaring))));
	}

	private static Set<Class<?>> superclasses(Class<?> type) {
		Set<Class<?>> classes = new LinkedHashSet<>();
		for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
			classes.add(each);
		}
		return classes;
	}

	private static boolean inherits(Class<?> type, Set<Class<?>> declaring) {
		return declaring.stream().anyMatch((each) -> each.isAssignableFrom(type));
	}

	/**
	 * Looks for such calls.
	 * @param type the class of a bean
	 * @param steps the methods of that class that are steps
	 * @return each as it is to be told
	 */
	static Set<String> find(Class<?> type, Collection<Method> steps) {
		SelfInvocations invocations = new SelfInvocations(type, steps);
		invocations.classes.forEach(invocations::read);
		return invocations.follow();
	}

	private void read(Class<?> each) {
		try (InputStream file = each.getResourceAsStream(ClassUtils.getClassFileName(each))) {
			if (file != null) {
				new ClassReader(file).accept(this.calls, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
			}
		}
		catch (IOException | IllegalArgumentException ex) {
			// Of a newer Java, or damaged.
		}
	}

	private Set<String> follow() {
		this.calls.bodies().forEach((method, body) -> {
			if (isEntry(method, body)) {
				follow(method, method);
			}
		});
		return this.found;
	}

	/** Whether it may be called from outside, through the proxy or not. */
	private boolean isEntry(Member method, Body body) {
		return !body.isPrivate() && !method.name().startsWith("<") && !this.steps.contains(method)
				&& method.equals(declared(method.in(this.type)));
	}

	/**
	 * Follows calls.
	 * @param method whose calls
	 * @param visible the method as the source shows it, for a lambda that which makes it
	 */
	private void follow(Member method, Member visible) {
		if (!this.followed.add(method)) {
			return;
		}
		for (Member call : body(method).calls()) {
			Member called = declared(call);
			if (called != null && this.steps.contains(called)) {
				if (!body(method).hasOwnReference()) {
					this.found.add(visible + " calls " + called);
				}
			}
			else if (called != null) {
				follow(called, body(called).isSynthetic() ? visible : called);
			}
		}
	}

	private Body body(Member method) {
		return this.calls.bodies().getOrDefault(method, Body.UNKNOWN);
	}

	/**
	 * Where a call arrives.
	 * @return null if that is nothing that was read, and no step
	 */
	private @Nullable Member declared(Member call) {
		return this.classes.stream()
			.dropWhile((each) -> !call.equals(call.in(each)))
			.map(call::in)
			.filter(this.calls.bodies()::containsKey)
			.findFirst()
			.or(() -> this.steps.stream().filter(call::hasSignatureOf).findFirst())
			.orElse(null);
	}

}
