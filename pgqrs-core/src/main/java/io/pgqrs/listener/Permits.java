package io.pgqrs.listener;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much a container may claim. As much as its handlers can take at once; and, while
 * they are quick, as much more as they get done in a tenth of a second, so that they need
 * not wait for a claim. Messages that take long thus stay for other processes.
 */
final class Permits {

	private static final double HORIZON_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	/** Weight of the newest time in the running average. */
	private static final double NEWEST = 0.125;

	private final ContainerOptions options;

	private final AtomicInteger claimed = new AtomicInteger();

	/**
	 * Running average over messages; 0 as long as none was handled. Written without care
	 * for races: an estimate.
	 */
	private volatile double nanosPerMessage;

	Permits(ContainerOptions options) {
		this.options = options;
	}

	/**
	 * How many messages to claim.
	 * @param idle whether no claimed message waits for a handler
	 * @return 0 to wait until more are handled
	 */
	int limit(boolean idle) {
		int batchSize = this.options.batchSize();
		int free = capacity() - this.claimed.get();
		return (free >= batchSize || idle) ? Math.min(Math.max(0, free), batchSize) : 0;
	}

	private int capacity() {
		int handled = this.options.concurrency() * (this.options.batch() ? this.options.batchSize() : 1);
		double average = this.nanosPerMessage;
		double ahead = (average > 0) ? HORIZON_NANOS * this.options.concurrency() / average : 0;
		return handled + (int) Math.min(ahead, 2.0 * this.options.batchSize());
	}

	void take(int messages) {
		this.claimed.addAndGet(messages);
	}

	void giveBack(int messages, long nanos) {
		double perMessage = Math.max(1, (double) nanos / messages);
		double average = this.nanosPerMessage;
		this.nanosPerMessage = (average > 0) ? average + NEWEST * (perMessage - average) : perMessage;
		this.claimed.addAndGet(-messages);
	}

	/** Whether claimed messages are not handled yet. */
	boolean someAreHandled() {
		return this.claimed.get() > 0;
	}

}
