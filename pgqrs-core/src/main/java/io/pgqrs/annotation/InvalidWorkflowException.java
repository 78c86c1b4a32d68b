package io.pgqrs.annotation;

import io.pgqrs.PgqrsException;
import org.jspecify.annotations.Nullable;

/**
 * A method marked with {@link PgqrsWorkflow} or {@link PgqrsStep} that cannot work: its
 * signature, how it is called, or what its annotation says. The message names the method
 * and the way out.
 *
 * @since 0.1
 */
public class InvalidWorkflowException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param message names the method and the way out
	 */
	public InvalidWorkflowException(String message) {
		super(message);
	}

	/**
	 * Makes the exception.
	 * @param message names the method and the way out
	 * @param cause of the failure, or null
	 */
	public InvalidWorkflowException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
