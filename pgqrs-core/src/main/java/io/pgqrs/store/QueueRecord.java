package io.pgqrs.store;

import java.time.Instant;

/**
 * A row of {@code pgqrs_queues}.
 *
 * @param id its key
 * @param name unique name
 * @param settings how it treats its messages
 * @param paused whether nobody may claim from it
 * @param createdAt when it was created
 * @since 0.1
 */
public record QueueRecord(int id, String name, QueueSettings settings, boolean paused, Instant createdAt) {
}
