package io.pgqrs.store;

/**
 * Outcome of a start.
 *
 * @param id of the run and of its message
 * @param created false if it is an earlier run of the same key
 * @since 0.1
 */
public record StartedRun(long id, boolean created) {
}
