package io.pgqrs.benchmarks.scenario;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;

import io.pgqrs.benchmarks.contender.JobQueue;

/**
 * Consumes what is in a queue, and takes the time from the first message that is handled
 * until the last is completed in the database, or until a time limit.
 */
final class Drain {

	private static final int FIFTHS = 5;

	private static final Duration START_LIMIT = Duration.ofSeconds(30);

	private final int messages;

	private final AtomicLong handled = new AtomicLong();

	private final AtomicLong first = new AtomicLong();

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch done = new CountDownLatch(1);

	/** When the last message of each fifth was handled. */
	private final AtomicLongArray fifths = new AtomicLongArray(FIFTHS);

	private double seconds;

	Drain(int messages) {
		this.messages = messages;
	}

	/**
	 * Drains the queue.
	 * @param queue holds the messages
	 * @param limit when to stop although messages are left
	 * @return this
	 */
	Drain run(JobQueue queue, Duration limit) throws Exception {
		queue.consume(handler());
		if (!this.begun.await(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new IllegalStateException("no message was handled within " + START_LIMIT);
		}
		boolean drained = this.done.await(limit.toMillis(), TimeUnit.MILLISECONDS);
		long deadline = this.first.get() + limit.toNanos();
		while (drained && !queue.isDrained() && System.nanoTime() < deadline) {
			TimeUnit.MILLISECONDS.sleep(1);
		}
		this.seconds = (System.nanoTime() - this.first.get()) / 1e9;
		return this;
	}

	private LongConsumer handler() {
		return (value) -> {
			long count = this.handled.incrementAndGet();
			if (count == 1) {
				this.first.set(System.nanoTime());
				this.begun.countDown();
			}
			if (count * FIFTHS % this.messages == 0 && count <= this.messages) {
				this.fifths.set((int) (count * FIFTHS / this.messages) - 1, System.nanoTime());
			}
			if (count == this.messages) {
				this.done.countDown();
			}
		};
	}

	/** Of all messages, or of those that were handled within the limit. */
	double messagesPerSecond() {
		return Math.min(this.handled.get(), this.messages) / this.seconds;
	}

	/**
	 * How fast a fifth of the messages was handled.
	 * @param fifth from 0 to 4
	 * @return NaN if it was not reached
	 */
	double fifthPerSecond(int fifth) {
		long from = (fifth == 0) ? this.first.get() : this.fifths.get(fifth - 1);
		long to = this.fifths.get(fifth);
		return (to == 0) ? Double.NaN : this.messages / (double) FIFTHS / ((to - from) / 1e9);
	}

}
