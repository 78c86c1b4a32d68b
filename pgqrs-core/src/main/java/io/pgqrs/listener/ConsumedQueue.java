package io.pgqrs.listener;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueInfo;
import io.pgqrs.QueueNotFoundException;
import io.pgqrs.store.Claimer;
import io.pgqrs.support.QueueEvents.Trigger;

/**
 * A queue as one container consumes it: its settings, and when to claim from it again.
 */
final class ConsumedQueue {

	/** Times beyond these are left to polling. */
	private static final int MAX_ALARMS = 1_000;

	private final QueueCatalog catalog;

	private final Claimer claimer;

	private final ContainerOptions options;

	private final ReentrantLock lock = new ReentrantLock();

	/** When messages become due that are known to do so before the next poll. */
	private final PriorityQueue<Long> alarms = new PriorityQueue<>();

	private volatile QueueInfo info;

	private boolean ready;

	private boolean backlog;

	private long nextPoll;

	ConsumedQueue(QueueInfo info, QueueCatalog catalog, Claimer claimer, ContainerOptions options) {
		this.info = info;
		this.catalog = catalog;
		this.claimer = claimer;
		this.options = options;
		this.nextPoll = System.nanoTime();
	}

	String name() {
		return this.info.name();
	}

	Claimer claimer() {
		return this.claimer;
	}

	/** The queue's settings, some seconds old at the most. */
	QueueInfo info() {
		try {
			this.info = this.catalog.get(name());
		}
		catch (QueueNotFoundException ex) {
			// Deleted meanwhile: what was claimed before is treated as it was then.
		}
		return this.info;
	}

	Duration visibilityTimeout() {
		Duration own = this.options.visibilityTimeout();
		return (own != null) ? own : this.info.visibilityTimeout();
	}

	/** The settings as they were last seen; asks nobody. */
	Duration initialBackoff() {
		return this.info.initialBackoff();
	}

	int maxAttempts() {
		Integer own = this.options.maxAttempts();
		return (own != null) ? own : info().maxAttempts();
	}

	/** Something becomes due after a delay. */
	void becomesDue(Duration delay) {
		this.lock.lock();
		try {
			if (delay.isZero()) {
				this.ready = true;
			}
			else if (delay.compareTo(this.options.pollInterval()) < 0 && this.alarms.size() < MAX_ALARMS) {
				this.alarms.add(System.nanoTime() + delay.toNanos());
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The last claim brought as much as it could take: there may be more. */
	void hasBacklog() {
		this.lock.lock();
		try {
			this.backlog = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The claim failed: what made it begin is still there. */
	void becomesDueAgain() {
		this.lock.lock();
		try {
			this.nextPoll = System.nanoTime();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether to claim now. */
	boolean isDue() {
		this.lock.lock();
		try {
			long now = System.nanoTime();
			while (!this.alarms.isEmpty() && this.alarms.peek() - now <= 0) {
				this.alarms.remove();
				this.ready = true;
			}
			return this.backlog || this.ready || this.nextPoll - now <= 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** When to look again, if nobody says so before. */
	long nextLook() {
		this.lock.lock();
		try {
			Long alarm = this.alarms.peek();
			return (alarm != null && alarm - this.nextPoll < 0) ? alarm : this.nextPoll;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A claim begins: what is announced from now on asks for another one.
	 * @return what makes it begin
	 */
	Trigger claiming() {
		this.lock.lock();
		try {
			Trigger trigger = this.backlog ? Trigger.BACKLOG : (this.ready ? Trigger.WAKE_UP : Trigger.POLL);
			this.backlog = false;
			this.ready = false;
			// Jitter keeps processes that started together from polling together.
			long interval = this.options.pollInterval().toNanos();
			this.nextPoll = System.nanoTime() + (long) (interval * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
			return trigger;
		}
		finally {
			this.lock.unlock();
		}
	}

}
