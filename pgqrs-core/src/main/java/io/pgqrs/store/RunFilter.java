package io.pgqrs.store;

import java.time.Instant;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which runs to find.
 *
 * @param workflow name of the workflow, or null for any
 * @param statuses see {@link RunRecord#status}; empty for any
 * @param createdFrom started then or later, or null
 * @param createdTo started before, or null
 * @param beforeId id of the last run of the page before, or null for the first page
 * @param limit how many at the most
 * @since 0.1
 */
public record RunFilter(@Nullable String workflow, Set<String> statuses, @Nullable Instant createdFrom,
		@Nullable Instant createdTo, @Nullable Long beforeId, int limit) {
}
