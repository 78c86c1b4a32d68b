package io.pgqrs.listener;

import io.pgqrs.QueueMessage;

/** A message that a container holds a lease of. */
final class Delivery {

	private final ConsumedQueue queue;

	private final QueueMessage message;

	private volatile long leaseStart;

	Delivery(ConsumedQueue queue, QueueMessage message, long leaseStart) {
		this.queue = queue;
		this.message = message;
		this.leaseStart = leaseStart;
	}

	ConsumedQueue queue() {
		return this.queue;
	}

	QueueMessage message() {
		return this.message;
	}

	/** The lease was granted or extended by a statement that began at that time. */
	void leasedAt(long nanoTime) {
		this.leaseStart = nanoTime;
	}

	long leaseAge(long nanoTime) {
		return nanoTime - this.leaseStart;
	}

	/** Whether the lease has run out, for all that this process can know. */
	boolean isExpired(long nanoTime) {
		return leaseAge(nanoTime) >= this.queue.visibilityTimeout().toNanos();
	}

}
