package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Messages to add to one queue, alike in all but their payloads.
 *
 * @param queue name of the queue
 * @param payloads JSON texts, at least one
 * @param headers a JSON object, or null for none
 * @param priority higher is claimed first
 * @param delay from the database's now, or null for none
 * @param at when they become visible, or null for {@code delay}; a past moment means now
 * @param deduplicationKey the key of the only payload, or null for none
 * @since 0.1
 */
public record Enqueue(String queue, List<String> payloads, @Nullable String headers, int priority,
		@Nullable Duration delay, @Nullable Instant at, @Nullable String deduplicationKey) {
}
