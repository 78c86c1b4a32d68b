package io.pgqrs;

/**
 * A payload over the limit. Nothing was written.
 *
 * @since 0.1
 */
public class PayloadTooLargeException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param target what it is for, such as "queue 'emails'"
	 * @param size of the payload as JSON, in bytes
	 * @param limit in bytes
	 */
	public PayloadTooLargeException(String target, long size, long limit) {
		super("The payload for " + target + " has " + size + " bytes of JSON; the limit is " + limit
				+ ". Store the data elsewhere and pass a reference, or raise pgqrs.max-payload-size");
	}

}
