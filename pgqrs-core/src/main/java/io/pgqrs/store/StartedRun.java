package io.pgqrs.store;

import org.jspecify.annotations.Nullable;

/**
 * Outcome of a start.
 *
 * @param id of the run and of its message
 * @param created false if it is an earlier run of the same key
 * @param payload of the message of a new run, as a claim will return it
 * @since 0.1
 */
public record StartedRun(long id, boolean created, @Nullable String payload) {
}
