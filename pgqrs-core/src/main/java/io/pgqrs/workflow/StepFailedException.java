package io.pgqrs.workflow;

import io.pgqrs.PgqrsException;
import org.jspecify.annotations.Nullable;

/**
 * A step failed for good. A workflow may catch it to do something else instead, and will
 * come that way again in every replay; if it does not, the run ends with this error.
 *
 * @since 0.1
 */
public class StepFailedException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	private final String step;

	private final String error;

	/**
	 * Makes the exception.
	 * @param step name of the step
	 * @param message of the last failure
	 * @param error what is recorded of it, as a JSON object
	 * @param cause the last failure; null in a replay, which knows only its record
	 */
	public StepFailedException(String step, String message, String error, @Nullable Throwable cause) {
		super("Step '" + step + "' failed: " + message, cause);
		this.step = step;
		this.error = error;
	}

	/**
	 * Name of the step.
	 * @return the name, unique in its run
	 */
	public String getStep() {
		return this.step;
	}

	/**
	 * The last failure.
	 * @return a JSON object with {@code type}, {@code message}, {@code step} and
	 * {@code attempts}
	 */
	public String getError() {
		return this.error;
	}

}
