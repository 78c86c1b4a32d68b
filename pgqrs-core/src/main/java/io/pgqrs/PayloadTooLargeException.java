package io.pgqrs;

/**
 * A payload over the limit. Nothing was enqueued.
 *
 * @since 0.1
 */
public class PayloadTooLargeException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param queue name of the queue
	 * @param size of the payload as JSON, in bytes
	 * @param limit in bytes
	 */
	public PayloadTooLargeException(String queue, long size, long limit) {
		super("The payload for queue '" + queue + "' has " + size + " bytes of JSON; the limit is " + limit
				+ ". Store the data elsewhere and enqueue a reference, or raise pgqrs.max-payload-size");
	}

}
