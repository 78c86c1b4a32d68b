package io.pgqrs;

import java.time.Duration;

import io.pgqrs.store.QueueCounts;
import org.jspecify.annotations.Nullable;

/**
 * How much a queue holds. No figure is counted beyond {@link #COUNT_LIMIT}, or what else
 * was asked for: a queue of a million messages shows that number, and asking stays cheap.
 *
 * @param queue name of the queue
 * @param ready can be claimed now; includes messages whose lease ran out
 * @param delayed become ready later
 * @param inFlight leased to a consumer
 * @param archived kept after completion
 * @param dead dead letters
 * @param oldestReadyAge how long the oldest ready message has been ready, or null when
 * none is
 * @param paused whether nobody may claim
 * @since 0.1
 */
public record QueueMetrics(String queue, long ready, long delayed, long inFlight, long archived, long dead,
		@Nullable Duration oldestReadyAge, boolean paused) {

	/** No figure is counted beyond this, unless less is asked for. */
	public static final int COUNT_LIMIT = QueueCounts.LIMIT;

	static QueueMetrics of(QueueCounts counts) {
		return new QueueMetrics(counts.queue(), counts.ready(), counts.delayed(), counts.inFlight(), counts.archived(),
				counts.dead(), counts.oldestReadyAge(), counts.paused());
	}

}
