package io.pgqrs.workflow;

import java.time.Duration;

import io.pgqrs.PgqrsException;

/**
 * An attempt of a step took longer than its timeout.
 *
 * @since 0.1
 */
public class StepTimeoutException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param step name of the step
	 * @param timeout how long it may take
	 * @param cause what the step threw when it was interrupted
	 */
	public StepTimeoutException(String step, Duration timeout, Throwable cause) {
		super("Step '" + step + "' took longer than its timeout of " + timeout, cause);
	}

}
