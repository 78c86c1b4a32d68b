package io.pgqrs;

/**
 * An argument that cannot be accepted: an empty or over-long name, a negative delay, a
 * limit below 1. Nothing was done.
 *
 * @since 0.1
 */
public class InvalidArgumentException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param message names the argument, its value and what is accepted
	 */
	public InvalidArgumentException(String message) {
		super(message);
	}

}
