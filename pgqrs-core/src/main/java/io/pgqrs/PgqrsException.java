package io.pgqrs;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedRuntimeException;

/**
 * Something that pgqrs refuses or cannot do; the message says what to do about it. Not
 * for failures of the database, which stay Spring's {@code DataAccessException}s.
 *
 * @since 0.1
 */
public class PgqrsException extends NestedRuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param message what was refused, and what to do about it
	 */
	public PgqrsException(String message) {
		super(message);
	}

	/**
	 * Makes the exception.
	 * @param message what was refused, and what to do about it
	 * @param cause of the failure, or null
	 */
	public PgqrsException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
