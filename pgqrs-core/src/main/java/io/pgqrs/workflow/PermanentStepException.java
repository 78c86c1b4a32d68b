package io.pgqrs.workflow;

import java.time.Duration;
import java.util.Optional;

import io.pgqrs.FailureDirective;
import io.pgqrs.PgqrsException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a step that is not worth another attempt: the step fails at once, and its run
 * with it unless the workflow catches the {@link StepFailedException}.
 *
 * @since 0.1
 */
public class PermanentStepException extends PgqrsException implements FailureDirective {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param message what failed
	 */
	public PermanentStepException(String message) {
		super(message);
	}

	/**
	 * Makes the exception.
	 * @param message what failed
	 * @param cause of the failure, or null
	 */
	public PermanentStepException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	@Override
	public Optional<Duration> retryAfter() {
		return Optional.empty();
	}

}
