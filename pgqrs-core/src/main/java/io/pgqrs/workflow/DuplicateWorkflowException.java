package io.pgqrs.workflow;

import io.pgqrs.PgqrsException;

/**
 * Two workflows of one application have the same name.
 *
 * @since 0.1
 */
public class DuplicateWorkflowException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	private final String workflow;

	/**
	 * Makes the exception.
	 * @param workflow the name
	 * @param first what implements it
	 * @param second what implements it too
	 */
	public DuplicateWorkflowException(String workflow, String first, String second) {
		super("Workflow '" + workflow + "' is implemented twice: by " + first + " and by " + second
				+ ". Give one of them another name");
		this.workflow = workflow;
	}

	/**
	 * Name of the workflow.
	 * @return the name
	 */
	public String getWorkflow() {
		return this.workflow;
	}

}
