package io.pgqrs.annotation;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.pgqrs.listener.AckMode;
import io.pgqrs.listener.InvalidListenerException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;

/**
 * The attributes of one {@link PgqrsListener}, with placeholders and expressions
 * resolved. What is empty, or resolves to that, is null.
 */
final class ListenerAttributes {

	private final MergedAnnotation<PgqrsListener> annotation;

	private final String method;

	private final ConfigurableBeanFactory beanFactory;

	/**
	 * Reads an annotation.
	 * @param annotation on the method
	 * @param method for messages
	 * @param beanFactory resolves
	 */
	ListenerAttributes(MergedAnnotation<PgqrsListener> annotation, String method, ConfigurableBeanFactory beanFactory) {
		this.annotation = annotation;
		this.method = method;
		this.beanFactory = beanFactory;
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

	@Nullable String string(String attribute) {
		Object resolved = resolve(attribute);
		return (resolved != null) ? resolved.toString() : null;
	}

	@Nullable Integer integer(String attribute) {
		Object resolved = resolve(attribute);
		if (resolved == null) {
			return null;
		}
		try {
			return Integer.valueOf(resolved.toString());
		}
		catch (NumberFormatException ex) {
			throw invalid(attribute, resolved, "it must be a whole number", ex);
		}
	}

	@Nullable Boolean bool(String attribute) {
		Object resolved = resolve(attribute);
		if (resolved == null) {
			return null;
		}
		return switch (resolved.toString().toLowerCase(Locale.ROOT)) {
			case "true" -> Boolean.TRUE;
			case "false" -> Boolean.FALSE;
			default -> throw invalid(attribute, resolved, "it must be true or false", null);
		};
	}

	@Nullable Duration duration(String attribute) {
		Object resolved = resolve(attribute);
		if (resolved == null || resolved instanceof Duration) {
			return (Duration) resolved;
		}
		try {
			return DurationFormatterUtils.detectAndParse(resolved.toString());
		}
		catch (IllegalArgumentException ex) {
			throw invalid(attribute, resolved,
					"it must be a duration such as '30s', 'PT30S', or '500' for milliseconds", ex);
		}
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

	/** A bean by its name, or what an expression yields. */
	<T> @Nullable T bean(String attribute, Class<T> type) {
		Object resolved = resolve(attribute);
		if (resolved == null) {
			return null;
		}
		if (type.isInstance(resolved)) {
			return type.cast(resolved);
		}
		if (resolved instanceof String name) {
			try {
				return this.beanFactory.getBean(name, type);
			}
			catch (BeansException ex) {
				throw invalid(attribute, resolved,
						"there must be a " + type.getSimpleName() + " bean of that name: " + ex.getMessage(), ex);
			}
		}
		throw invalid(attribute, resolved,
				"it must be the name of a " + type.getSimpleName() + " bean, or an expression that yields one", null);
	}

	private @Nullable Object resolve(String attribute) {
		return resolve(attribute, this.annotation.getString(attribute));
	}

	private @Nullable Object resolve(String attribute, String value) {
		Object resolved;
		try {
			resolved = evaluate(value);
		}
		catch (RuntimeException ex) {
			throw invalid(attribute, value, null, NestedExceptionUtils.getMostSpecificCause(ex).toString(), ex);
		}
		if (!(resolved instanceof String text)) {
			return resolved;
		}
		// A context without a strict resolver leaves it as it is.
		if (text.contains("${")) {
			throw invalid(attribute, value, resolved, "there is no such property", null);
		}
		return text.isBlank() ? null : text.strip();
	}

	private @Nullable Object evaluate(String value) {
		String text = this.beanFactory.resolveEmbeddedValue(value);
		BeanExpressionResolver expressions = this.beanFactory.getBeanExpressionResolver();
		return (expressions != null) ? expressions.evaluate(text, new BeanExpressionContext(this.beanFactory, null))
				: text;
	}

	private InvalidListenerException invalid(String attribute, Object resolved, String reason,
			@Nullable Throwable cause) {
		return invalid(attribute, this.annotation.getString(attribute), resolved, reason, cause);
	}

	private InvalidListenerException invalid(String attribute, String value, @Nullable Object resolved, String reason,
			@Nullable Throwable cause) {
		String resolution = (resolved != null && !resolved.equals(value)) ? ", which resolves to '" + resolved + "'"
				: "";
		return new InvalidListenerException("'" + attribute + "' of the @PgqrsListener on " + this.method + " is '"
				+ value + "'" + resolution + ": " + reason, cause);
	}

}
