package io.pgqrs.workflow;

import java.time.Duration;
import java.util.Optional;

import io.pgqrs.Arguments;
import io.pgqrs.FailureDirective;
import io.pgqrs.PgqrsException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a step whose failure will pass, to say when to try again. The attempt counts.
 *
 * @since 0.1
 */
public class TransientStepException extends PgqrsException implements FailureDirective {

	private static final long serialVersionUID = 1L;

	private final String code;

	private final Duration retryAfter;

	/**
	 * Makes the exception.
	 * @param code what failed, in a word that programs understand
	 * @param message what failed
	 * @param retryAfter until the next attempt, not negative
	 */
	public TransientStepException(String code, String message, Duration retryAfter) {
		this(code, message, retryAfter, null);
	}

	/**
	 * Makes the exception.
	 * @param code what failed, in a word that programs understand
	 * @param message what failed
	 * @param retryAfter until the next attempt, not negative
	 * @param cause of the failure, or null
	 */
	public TransientStepException(String code, String message, Duration retryAfter, @Nullable Throwable cause) {
		super(message, cause);
		this.code = code;
		this.retryAfter = Arguments.notNegative("retryAfter", retryAfter);
	}

	/**
	 * What failed.
	 * @return a word that programs understand
	 */
	public String getCode() {
		return this.code;
	}

	@Override
	public Optional<Duration> retryAfter() {
		return Optional.of(this.retryAfter);
	}

}
