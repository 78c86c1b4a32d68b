package io.pgqrs.workflow;

import io.pgqrs.PgqrsException;

/**
 * There is no run of that id.
 *
 * @since 0.1
 */
public class RunNotFoundException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param runId the id that was asked for
	 */
	public RunNotFoundException(long runId) {
		super("There is no run " + runId + ". It was never started, or its start was rolled back or is not "
				+ "committed yet");
	}

}
