package io.pgqrs.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code pgqrs_dead_letters}.
 *
 * @param id id of the message
 * @param payload JSON text
 * @param headers a JSON object, or null for none
 * @param priority its priority
 * @param attempts deliveries that failed or lost their lease
 * @param error why it was given up, as JSON
 * @param enqueuedAt when it was enqueued
 * @param diedAt when it was given up
 * @since 0.1
 */
public record DeadLetterRecord(long id, String payload, @Nullable String headers, int priority, int attempts,
		String error, Instant enqueuedAt, Instant diedAt) {
}
