package io.pgqrs.workflow;

import io.pgqrs.PgqrsException;

/**
 * A run did not end in time. Thrown to who waits for a result: the run itself goes on. As
 * the {@code type} of a run's error: its own timeout was over.
 *
 * @since 0.1
 */
public class WorkflowTimeoutException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param message what took too long
	 */
	public WorkflowTimeoutException(String message) {
		super(message);
	}

}
