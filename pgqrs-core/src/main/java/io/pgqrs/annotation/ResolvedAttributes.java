package io.pgqrs.annotation;

import java.time.Duration;
import java.util.Locale;

import io.pgqrs.PgqrsException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * The attributes of one annotation, with placeholders and expressions resolved. What is
 * empty, or resolves to that, is null.
 */
abstract class ResolvedAttributes {

	private final MergedAnnotation<?> annotation;

	private final String method;

	private final ConfigurableBeanFactory beanFactory;

	/**
	 * Reads an annotation.
	 * @param annotation on the method
	 * @param method for messages
	 * @param beanFactory resolves
	 */
	ResolvedAttributes(MergedAnnotation<?> annotation, String method, ConfigurableBeanFactory beanFactory) {
		this.annotation = annotation;
		this.method = method;
		this.beanFactory = beanFactory;
	}

	/** What is thrown if an attribute is not as it has to be. */
	abstract PgqrsException exception(String message, @Nullable Throwable cause);

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

	@Nullable Object resolve(String attribute) {
		return resolve(attribute, this.annotation.getString(attribute));
	}

	@Nullable Object resolve(String attribute, String value) {
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

	PgqrsException invalid(String attribute, Object resolved, String reason, @Nullable Throwable cause) {
		return invalid(attribute, this.annotation.getString(attribute), resolved, reason, cause);
	}

	PgqrsException invalid(String attribute, String value, @Nullable Object resolved, String reason,
			@Nullable Throwable cause) {
		String resolution = (resolved != null && !resolved.equals(value)) ? ", which resolves to '" + resolved + "'"
				: "";
		return exception("'" + attribute + "' of the @" + this.annotation.getType().getSimpleName() + " on "
				+ this.method + " is '" + value + "'" + resolution + ": " + reason, cause);
	}

}
