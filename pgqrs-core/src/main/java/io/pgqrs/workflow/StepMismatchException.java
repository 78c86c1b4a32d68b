package io.pgqrs.workflow;

import io.pgqrs.PgqrsException;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of a step does not fit the code that replays it. Nothing is lost: the
 * record stays, and the run can be retried with code that fits.
 *
 * @since 0.1
 */
public class StepMismatchException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param message what does not fit, and what to do about it
	 * @param cause of the failure, or null
	 */
	public StepMismatchException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
