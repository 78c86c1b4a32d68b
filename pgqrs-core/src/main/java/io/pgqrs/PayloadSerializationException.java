package io.pgqrs;

import org.jspecify.annotations.Nullable;

/**
 * A payload that cannot be written as JSON. Nothing was enqueued.
 *
 * @since 0.1
 */
public class PayloadSerializationException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	public PayloadSerializationException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
