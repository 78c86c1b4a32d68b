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

	public DeadLetterException(String message) {
		super(message);
	}

	public DeadLetterException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	public DeadLetterException(Throwable cause) {
		super(String.valueOf(cause.getMessage()), cause);
	}

	@Override
	public Optional<Duration> retryAfter() {
		return Optional.empty();
	}

}
