package io.pgqrs.store;

import org.jspecify.annotations.Nullable;

/**
 * How a run ends.
 *
 * @param lease who holds it
 * @param status {@link RunRecord#SUCCESS}, {@link RunRecord#ERROR} or
 * {@link RunRecord#CANCELLED}; the latter, whatever is said here, if a cancellation was
 * asked for
 * @param output JSON, or null
 * @param error JSON, or null
 * @since 0.1
 */
public record RunEnd(Lease lease, String status, @Nullable String output, @Nullable String error) {
}
