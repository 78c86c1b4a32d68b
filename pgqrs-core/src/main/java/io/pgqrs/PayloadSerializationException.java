package io.pgqrs;

import org.jspecify.annotations.Nullable;

/**
 * A payload that cannot be written as JSON. Nothing was enqueued.
 *
 * @since 0.1
 */
public class PayloadSerializationException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param message names the payload's type and the queue
	 * @param cause of the failure, or null
	 */
	public PayloadSerializationException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
