package io.pgqrs.store;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Who claims how much.
 *
 * @param limit how many messages at the most, at least 1
 * @param workerId who claims, or {@link #NO_WORKER}
 * @param visibilityTimeout how long the leases last, or null for the queue's setting
 * @param maxAttempts deliveries before a message becomes a dead letter, or null for the
 * queue's setting
 * @param thorough whether to get less than the limit must mean that no more is due; if
 * not, what became due out of order may be left to a claim some seconds later
 * @param announced whether something is said to be due: then there is no look before the
 * claim
 * @param durable whether the claim must survive a crash of the server. One that does not
 * is a redelivery at the most, with the same delivery count as the delivery before; that
 * is not enough for a holder that writes more under its lease than its end
 * @since 0.1
 */
public record Claim(int limit, long workerId, @Nullable Duration visibilityTimeout, @Nullable Integer maxAttempts,
		boolean thorough, boolean announced, boolean durable) {

	/** The worker id of a caller that is no registered worker. */
	public static final long NO_WORKER = 0;

	/**
	 * A claim of a consumer that claims again and again.
	 * @param limit how many messages at the most, at least 1
	 * @param workerId who claims, or {@link #NO_WORKER}
	 * @param visibilityTimeout how long the leases last, or null for the queue's setting
	 * @param maxAttempts deliveries before a message becomes a dead letter, or null for
	 * the queue's setting
	 */
	public Claim(int limit, long workerId, @Nullable Duration visibilityTimeout, @Nullable Integer maxAttempts) {
		this(limit, workerId, visibilityTimeout, maxAttempts, false, false, false);
	}

}
