package io.pgqrs.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A message wherever it is: pending, in flight, in the archive or among the dead letters.
 *
 * @param id of the message
 * @param queue name of its queue
 * @param state where it is
 * @param priority its priority
 * @param attempts deliveries that failed, lost their lease or are under way
 * @param enqueuedAt when it was enqueued
 * @param visibleAt when it can be claimed, or the end of its lease; null once it is
 * archived or dead
 * @param claimedAt when it was claimed for the first time, or null
 * @param endedAt when it was archived or given up, or null
 * @param worker id of the worker that holds it, {@link Claim#NO_WORKER} for a caller that
 * is none, or null if nobody does
 * @param deduplicationKey its key, or null; the archive keeps none
 * @param headers a JSON object, or null for none
 * @param payload JSON text
 * @param error why it was given up, as JSON, or null
 * @since 0.1
 */
public record MessageRecord(long id, String queue, State state, int priority, int attempts, Instant enqueuedAt,
		@Nullable Instant visibleAt, @Nullable Instant claimedAt, @Nullable Instant endedAt, @Nullable Long worker,
		@Nullable String deduplicationKey, @Nullable String headers, String payload, @Nullable String error) {

	/** Where a message is. */
	public enum State {

		/** Can be claimed now. */
		READY,

		/** Can be claimed later. */
		DELAYED,

		/** Somebody holds its lease. */
		IN_FLIGHT,

		/** Completed and kept. */
		ARCHIVED,

		/** Given up. */
		DEAD

	}

}
