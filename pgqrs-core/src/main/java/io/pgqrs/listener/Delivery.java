package io.pgqrs.listener;

import io.pgqrs.QueueMessage;

/** A message that a container holds a lease of. */
final class Delivery {

	private final ConsumedQueue queue;

	private final QueueMessage message;

	/** As {@code System.nanoTime()}, never later than the database sees it. */
	private volatile long leaseEnd;

	Delivery(ConsumedQueue queue, QueueMessage message, long claimStart) {
		this.queue = queue;
		this.message = message;
		this.leaseEnd = claimStart + queue.visibilityTimeout().toNanos();
	}

	ConsumedQueue queue() {
		return this.queue;
	}

	QueueMessage message() {
		return this.message;
	}

	void leaseEndsAt(long nanoTime) {
		this.leaseEnd = nanoTime;
	}

	/** Whether a third of the visibility timeout is over. */
	boolean isToBeExtended(long nanoTime) {
		return this.leaseEnd - nanoTime <= this.queue.visibilityTimeout().toNanos() * 2 / 3;
	}

	/** Whether the lease has run out, for all that this process can know. */
	boolean isExpired(long nanoTime) {
		return this.leaseEnd - nanoTime <= 0;
	}

}
