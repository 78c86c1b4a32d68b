package io.pgqrs.workflow;

import io.pgqrs.PgqrsException;
import org.jspecify.annotations.Nullable;

/**
 * A run ended with an error.
 *
 * @since 0.1
 */
public class WorkflowFailedException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	private final long runId;

	private final String error;

	/**
	 * Makes the exception.
	 * @param runId id of the run
	 * @param message what failed
	 * @param error the run's error as a JSON object
	 * @param cause what the workflow threw, where this process executed it, or null
	 */
	public WorkflowFailedException(long runId, String message, String error, @Nullable Throwable cause) {
		super(message, cause);
		this.runId = runId;
		this.error = error;
	}

	/**
	 * Id of the run.
	 * @return the id
	 */
	public long getRunId() {
		return this.runId;
	}

	/**
	 * The run's error.
	 * @return a JSON object with {@code type}, {@code message}, {@code step} and
	 * {@code attempts}
	 */
	public String getError() {
		return this.error;
	}

}
