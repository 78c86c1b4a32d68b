package io.pgqrs.listener;

/**
 * Names of the headers that a listener's {@code Message} has besides its own.
 *
 * @since 0.1
 */
public final class PgqrsHeaders {

	/** With this begin all names that are pgqrs's. */
	public static final String PREFIX = "pgqrs_";

	/** Id of the message, a {@code Long}. */
	public static final String ID = PREFIX + "id";

	/** Name of its queue, a {@code String}. */
	public static final String QUEUE = PREFIX + "queue";

	/** Which attempt this is, an {@code Integer}, 1 on the first. */
	public static final String ATTEMPT = PREFIX + "attempt";

	/** Its priority, an {@code Integer}. */
	public static final String PRIORITY = PREFIX + "priority";

	/** When it was enqueued, an {@code Instant}. */
	public static final String ENQUEUED_AT = PREFIX + "enqueued_at";

	/** End of the lease it was claimed with, an {@code Instant}. */
	public static final String VISIBLE_UNTIL = PREFIX + "visible_until";

	/** The {@link io.pgqrs.QueueMessage} itself. */
	public static final String MESSAGE = PREFIX + "message";

	/** The {@link Acknowledgment} of the delivery. */
	public static final String ACKNOWLEDGMENT = PREFIX + "acknowledgment";

	private PgqrsHeaders() {
	}

}
