package io.pgqrs.listener;

import io.pgqrs.PgqrsException;
import org.jspecify.annotations.Nullable;

/**
 * A listener that cannot work: its signature or what its annotation says. The message
 * names the method, the value and the way out.
 *
 * @since 0.1
 */
public class InvalidListenerException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param message names the method, the value and the way out
	 */
	public InvalidListenerException(String message) {
		super(message);
	}

	/**
	 * Makes the exception.
	 * @param message names the method, the value and the way out
	 * @param cause of the failure, or null
	 */
	public InvalidListenerException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
