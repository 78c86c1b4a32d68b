package io.pgqrs;

import org.jspecify.annotations.Nullable;

/**
 * A payload that cannot be read as the type that was asked for.
 *
 * @since 0.1
 */
public class PayloadConversionException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param message names the payload and the type
	 * @param cause of the failure, or null
	 */
	public PayloadConversionException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
