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

	public PgqrsException(String message) {
		super(message);
	}

	public PgqrsException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
