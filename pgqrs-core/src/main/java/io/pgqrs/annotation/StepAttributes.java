package io.pgqrs.annotation;

import java.time.Duration;

import io.pgqrs.PgqrsException;
import io.pgqrs.workflow.StepOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.annotation.MergedAnnotation;

/** The attributes of one {@link PgqrsStep}. */
final class StepAttributes extends ResolvedAttributes {

	private final MergedAnnotation<PgqrsStep> annotation;

	StepAttributes(MergedAnnotation<PgqrsStep> annotation, String method, ConfigurableBeanFactory beanFactory) {
		super(annotation, method, beanFactory);
		this.annotation = annotation;
	}

	@Override
	PgqrsException exception(String message, @Nullable Throwable cause) {
		return new InvalidWorkflowException(message, cause);
	}

	/** The name, or else that of the method. */
	String name(String methodName) {
		String name = string("name");
		return (name != null) ? name : methodName;
	}

	boolean transactional() {
		return this.annotation.getBoolean("transactional");
	}

	/**
	 * How the step is tried.
	 * @throws io.pgqrs.InvalidArgumentException if a value is out of its range
	 */
	StepOptions options() {
		StepOptions defaults = StepOptions.defaults();
		Duration initialBackoff = duration("initialBackoff");
		Duration maxBackoff = duration("maxBackoff");
		return defaults.maxAttempts(this.annotation.getInt("maxAttempts"))
			.backoff((initialBackoff != null) ? initialBackoff : defaults.initialBackoff(),
					this.annotation.getDouble("backoffMultiplier"),
					(maxBackoff != null) ? maxBackoff : defaults.maxBackoff())
			.timeout(duration("timeout"));
	}

}
