package io.pgqrs;

import org.jspecify.annotations.Nullable;

/**
 * A payload that cannot be read as the type that was asked for.
 *
 * @since 0.1
 */
public class PayloadConversionException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	public PayloadConversionException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
