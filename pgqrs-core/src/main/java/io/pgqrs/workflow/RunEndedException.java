package io.pgqrs.workflow;

import io.pgqrs.PgqrsException;

/**
 * A run that has ended was sent a signal.
 *
 * @since 0.1
 */
public class RunEndedException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param runId id of the run
	 * @param signal name of the signal
	 */
	public RunEndedException(long runId, String signal) {
		super("Run " + runId + " has ended and takes no signal '" + signal + "' any more");
	}

}
