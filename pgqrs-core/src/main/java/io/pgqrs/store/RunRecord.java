package io.pgqrs.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A run of a workflow.
 *
 * @param id of the run and of its message
 * @param workflow name of the workflow
 * @param key what it was started with, or null
 * @param attempt deliveries that failed, lost their lease or are under way; 0 before the
 * first one
 * @param priority of its message
 * @param status {@code QUEUED}, {@code RUNNING} while its message is leased,
 * {@code PAUSED}, {@code CANCELLING}, {@code CANCELLED}, {@code SUCCESS} or {@code ERROR}
 * @param input JSON, or null
 * @param output JSON, or null
 * @param error JSON, or null
 * @param createdAt when it was started
 * @param startedAt when it was claimed for the first time, or null
 * @param completedAt when it ended, or null
 * @since 0.1
 */
public record RunRecord(long id, String workflow, @Nullable String key, int attempt, int priority, String status,
		@Nullable String input, @Nullable String output, @Nullable String error, Instant createdAt,
		@Nullable Instant startedAt, @Nullable Instant completedAt) {

	/** Waits for its turn. */
	public static final String QUEUED = "QUEUED";

	/** Somebody holds its lease. */
	public static final String RUNNING = "RUNNING";

	/** Sleeps, waits for a signal, or for somebody to resume it. */
	public static final String PAUSED = "PAUSED";

	/** Runs, and is to be cancelled at the end of its step. */
	public static final String CANCELLING = "CANCELLING";

	/** Ended, because somebody asked for it. */
	public static final String CANCELLED = "CANCELLED";

	/** Ended with its result. */
	public static final String SUCCESS = "SUCCESS";

	/** Ended with an error. */
	public static final String ERROR = "ERROR";

}
