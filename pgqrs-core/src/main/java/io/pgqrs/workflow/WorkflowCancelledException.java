package io.pgqrs.workflow;

import io.pgqrs.PgqrsException;

/**
 * A run was cancelled, and so has no result.
 *
 * @since 0.1
 */
public class WorkflowCancelledException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	private final long runId;

	/**
	 * Makes the exception.
	 * @param runId id of the run
	 */
	public WorkflowCancelledException(long runId) {
		super("Run " + runId + " was cancelled");
		this.runId = runId;
	}

	/**
	 * Id of the run.
	 * @return the id
	 */
	public long getRunId() {
		return this.runId;
	}

}
