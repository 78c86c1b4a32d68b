package io.pgqrs.listener;

import java.time.Duration;
import java.util.Optional;

import io.pgqrs.FailureDirective;
import io.pgqrs.PgqrsException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler to give a message up at once, whatever attempts are left.
 *
 * @since 0.1
 */
public class DeadLetterException extends PgqrsException implements FailureDirective {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param message why the message is given up
	 */
	public DeadLetterException(String message) {
		super(message);
	}

	/**
	 * Makes the exception.
	 * @param message why the message is given up
	 * @param cause of the failure, or null
	 */
	public DeadLetterException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	/**
	 * Makes the exception with the message of its cause.
	 * @param cause of the failure
	 */
	public DeadLetterException(Throwable cause) {
		super(String.valueOf(cause.getMessage()), cause);
	}

	@Override
	public Optional<Duration> retryAfter() {
		return Optional.empty();
	}

}
