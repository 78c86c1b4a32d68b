package io.pgqrs.listener;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread sleep until somebody wakes it. A wake-up that comes while the thread is
 * busy ends its next sleep.
 */
final class Waiter {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private boolean woken;

	void wakeUp() {
		this.lock.lock();
		try {
			this.woken = true;
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Sleeps.
	 * @param nanoTime when to go on at the latest, as {@code System.nanoTime()}
	 * @throws InterruptedException if the thread was interrupted
	 */
	void sleepUntil(long nanoTime) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			long left = nanoTime - System.nanoTime();
			while (!this.woken && left > 0) {
				left = this.changed.awaitNanos(left);
			}
			this.woken = false;
		}
		finally {
			this.lock.unlock();
		}
	}

}
