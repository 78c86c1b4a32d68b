package io.pgqrs.listener;

import java.util.Objects;

import io.pgqrs.QueueMessage;
import io.pgqrs.listener.AccountingListener.Task;
import org.jspecify.annotations.Nullable;

/** A message that a container holds a lease of. */
final class Delivery {

	private final ConsumedQueue queue;

	private final QueueMessage message;

	/** As {@code System.nanoTime()}, never later than the database sees it. */
	private volatile long leaseEnd;

	/** Set before any handler sees it, if the listener makes tasks. */
	private @Nullable Task task;

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

	void becomes(Task task) {
		this.task = task;
	}

	/** What an {@link AccountingListener} made of the message. */
	Task task() {
		return Objects.requireNonNull(this.task);
	}

	void leaseEndsAt(long nanoTime) {
		this.leaseEnd = nanoTime;
	}

	/** When a third of the visibility timeout is over, as {@code System.nanoTime()}. */
	long toBeExtendedAt() {
		return this.leaseEnd - this.queue.visibilityTimeout().toNanos() * 2 / 3;
	}

	/** Whether the lease has run out, for all that this process can know. */
	boolean isExpired(long nanoTime) {
		return this.leaseEnd - nanoTime <= 0;
	}

}
