package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A run to start.
 *
 * @param workflow name of the workflow
 * @param queue name of the queue that its message travels in
 * @param key at most one run of that workflow and key exists, or null
 * @param input JSON, or null
 * @param priority higher is claimed first
 * @param delay from now until it is due, or null for none
 * @param at when it is due, or null; the later of the two counts
 * @param timeout from when it is due until it is to have ended, or null for ever
 * @param headers of the message, a JSON object, or null for none; a retry of the run has
 * them as well
 * @param lease null to leave the run to consumers; otherwise the caller holds its first
 * lease, with delivery count 1, for that long
 * @since 0.1
 */
public record NewRun(String workflow, String queue, @Nullable String key, @Nullable String input, int priority,
		@Nullable Duration delay, @Nullable Instant at, @Nullable Duration timeout, @Nullable String headers,
		@Nullable Duration lease) {

	/**
	 * The message of a run with a timeout has this header as well, with the timeout in
	 * milliseconds; that of any other run does not.
	 */
	public static final String TIMEOUT_HEADER = "pgqrs_timeout";

	/**
	 * A run whose message has no headers.
	 * @param workflow name of the workflow
	 * @param queue name of the queue that its message travels in
	 * @param key at most one run of that workflow and key exists, or null
	 * @param input JSON, or null
	 * @param priority higher is claimed first
	 * @param delay from now until it is due, or null for none
	 * @param at when it is due, or null; the later of the two counts
	 * @param timeout from when it is due until it is to have ended, or null for ever
	 * @param lease how long the caller holds it, or null to leave it to consumers
	 */
	public NewRun(String workflow, String queue, @Nullable String key, @Nullable String input, int priority,
			@Nullable Duration delay, @Nullable Instant at, @Nullable Duration timeout, @Nullable Duration lease) {
		this(workflow, queue, key, input, priority, delay, at, timeout, null, lease);
	}

}
