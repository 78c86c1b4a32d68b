package io.pgqrs.listener;

import java.time.Duration;
import java.util.Optional;

import io.pgqrs.FailureDirective;
import io.pgqrs.PgqrsException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler to set the delay of the retry, in place of the backoff. The attempt
 * counts.
 *
 * @since 0.1
 */
public class RetryAfterException extends PgqrsException implements FailureDirective {

	private static final long serialVersionUID = 1L;

	private final Duration delay;

	/**
	 * Makes the exception.
	 * @param delay until the retry; less than zero means zero
	 */
	public RetryAfterException(Duration delay) {
		this(delay, "To be tried again after " + delay, null);
	}

	/**
	 * Makes the exception.
	 * @param delay until the retry; less than zero means zero
	 * @param message why
	 */
	public RetryAfterException(Duration delay, String message) {
		this(delay, message, null);
	}

	/**
	 * Makes the exception.
	 * @param delay until the retry; less than zero means zero
	 * @param message why
	 * @param cause of the failure, or null
	 */
	public RetryAfterException(Duration delay, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.delay = delay.isNegative() ? Duration.ZERO : delay;
	}

	@Override
	public Optional<Duration> retryAfter() {
		return Optional.of(this.delay);
	}

}
