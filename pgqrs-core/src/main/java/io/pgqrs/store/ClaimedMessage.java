package io.pgqrs.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A message as a claim returns it.
 *
 * @param lease its fencing token
 * @param attempt 1 on the first delivery
 * @param priority its priority
 * @param payload JSON text
 * @param headers a JSON object, or null for none
 * @param enqueuedAt when it was enqueued
 * @param dueAt since when it could have been claimed
 * @param leasedAt when this claim was made, and the lease began
 * @param visibleUntil end of the lease
 * @since 0.1
 */
public record ClaimedMessage(Lease lease, int attempt, int priority, String payload, @Nullable String headers,
		Instant enqueuedAt, Instant dueAt, Instant leasedAt, Instant visibleUntil) {
}
