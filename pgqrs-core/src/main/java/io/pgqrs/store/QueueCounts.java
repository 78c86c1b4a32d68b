package io.pgqrs.store;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How much a queue holds. No figure is counted beyond a limit, at most {@link #LIMIT}
 * unless told otherwise, so that asking stays cheap however long the queue is.
 *
 * @param queue name of the queue
 * @param ready visible now
 * @param delayed neither visible nor leased
 * @param inFlight leased
 * @param archived kept after completion
 * @param dead dead letters
 * @param oldestReadyAge how long the oldest ready message has been ready, or null when
 * none is
 * @param paused whether the queue is paused
 * @since 0.1
 */
public record QueueCounts(String queue, long ready, long delayed, long inFlight, long archived, long dead,
		@Nullable Duration oldestReadyAge, boolean paused) {

	/** No figure is counted beyond this, unless less is asked for. */
	public static final int LIMIT = 100_000;

}
