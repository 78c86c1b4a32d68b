package io.pgqrs;

import java.time.Instant;
import java.util.Map;

import io.pgqrs.store.MessageRecord;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;

/**
 * A message, wherever it is.
 *
 * @param id of the message
 * @param queue its queue
 * @param state where it is
 * @param priority its priority
 * @param attempts deliveries that failed, lost their lease or are under way
 * @param enqueuedAt when it was enqueued
 * @param visibleAt when it can be claimed, or the end of its lease; null once it is
 * archived or dead
 * @param claimedAt when it was claimed for the first time, or null
 * @param endedAt when it was archived or given up, or null
 * @param worker id of the worker that holds it, 0 for a caller that is none, or null if
 * nobody does
 * @param deduplicationKey its key, or null; the archive keeps none
 * @param headers its headers, empty if it has none
 * @param payload JSON text
 * @param error why it was given up: a JSON object with {@code type}, {@code message} and,
 * for an exception, {@code stackTrace}; or null
 * @since 0.1
 */
public record MessageInfo(long id, String queue, State state, int priority, int attempts, Instant enqueuedAt,
		@Nullable Instant visibleAt, @Nullable Instant claimedAt, @Nullable Instant endedAt, @Nullable Long worker,
		@Nullable String deduplicationKey, Map<String, String> headers, String payload, @Nullable String error) {

	static MessageInfo of(MessageRecord message) {
		return new MessageInfo(message.id(), message.queue(), State.valueOf(message.state().name()), message.priority(),
				message.attempts(), message.enqueuedAt(), message.visibleAt(), message.claimedAt(), message.endedAt(),
				message.worker(), message.deduplicationKey(), PayloadJson.readHeaders(message.headers()),
				message.payload(), message.error());
	}

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
