package io.pgqrs.workflow;

import io.pgqrs.PgqrsException;

/**
 * A workflow is not known.
 *
 * @since 0.1
 */
public class WorkflowNotFoundException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	private final String workflow;

	/**
	 * Makes the exception.
	 * @param workflow the name that was asked for
	 * @param message what was refused, and what to do about it
	 */
	public WorkflowNotFoundException(String workflow, String message) {
		super(message);
		this.workflow = workflow;
	}

	/**
	 * Name of the workflow.
	 * @return the name that was asked for
	 */
	public String getWorkflow() {
		return this.workflow;
	}

}
