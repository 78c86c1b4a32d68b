package io.pgqrs.annotation;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.pgqrs.PgqrsException;
import io.pgqrs.listener.AckMode;
import io.pgqrs.listener.InvalidListenerException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.util.StringUtils;

/** The attributes of one {@link PgqrsListener}. */
final class ListenerAttributes extends ResolvedAttributes {

	private final MergedAnnotation<PgqrsListener> annotation;

	ListenerAttributes(MergedAnnotation<PgqrsListener> annotation, String method, ConfigurableBeanFactory beanFactory) {
		super(annotation, method, beanFactory);
		this.annotation = annotation;
	}

	@Override
	PgqrsException exception(String message, @Nullable Throwable cause) {
		return new InvalidListenerException(message, cause);
	}

	List<String> queues() {
		Set<String> queues = new LinkedHashSet<>();
		for (String value : this.annotation.getStringArray("queues")) {
			Object resolved = resolve("queues", value);
			if (resolved instanceof String names) {
				queues.addAll(StringUtils.commaDelimitedListToSet(names).stream().map(String::strip).toList());
			}
			else if (resolved instanceof Object[] names) {
				Arrays.stream(names).forEach((name) -> queues.add(queue(value, name)));
			}
			else if (resolved instanceof Iterable<?> names) {
				names.forEach((name) -> queues.add(queue(value, name)));
			}
			else if (resolved != null) {
				throw invalid("queues", value, resolved, "it must be names", null);
			}
		}
		queues.remove("");
		if (queues.isEmpty()) {
			throw invalid("queues", String.join(", ", this.annotation.getStringArray("queues")), null,
					"there must be at least one name of a queue", null);
		}
		return List.copyOf(queues);
	}

	private String queue(String value, @Nullable Object name) {
		if (name instanceof CharSequence) {
			return name.toString().strip();
		}
		throw invalid("queues", value, name, "each of its elements must be a name", null);
	}

	@Nullable AckMode ackMode() {
		Object resolved = resolve("ackMode");
		if (resolved == null) {
			return null;
		}
		return Arrays.stream(AckMode.values())
			.filter((mode) -> letters(mode.name()).equals(letters(resolved.toString())))
			.findFirst()
			.orElseThrow(
					() -> invalid("ackMode", resolved, "it must be one of " + Arrays.toString(AckMode.values()), null));
	}

	/** Lets {@code on-success}, {@code onSuccess} and {@code ON_SUCCESS} be the same. */
	private static String letters(String name) {
		return name.replaceAll("[-_ ]", "").toLowerCase(Locale.ROOT);
	}

}
