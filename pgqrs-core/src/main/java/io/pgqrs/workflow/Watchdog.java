package io.pgqrs.workflow;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/** Interrupts threads whose time is up. */
final class Watchdog implements AutoCloseable {

	private final ScheduledThreadPoolExecutor scheduler;

	Watchdog(ScheduledThreadPoolExecutor scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Watches the calling thread.
	 * @param timeout after which it is interrupted, or null for never
	 * @return to be closed by the same thread
	 */
	Guard guard(@Nullable Duration timeout) {
		Guard guard = new Guard(Thread.currentThread());
		if (timeout != null) {
			guard.alarm = this.scheduler.schedule(guard::fire, Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
		}
		return guard;
	}

	@Override
	public void close() {
		this.scheduler.shutdownNow();
	}

	/** Watches one thread, once. */
	static final class Guard {

		private final Thread thread;

		private @Nullable Future<?> alarm;

		private boolean fired;

		private boolean closed;

		private Guard(Thread thread) {
			this.thread = thread;
		}

		private synchronized void fire() {
			if (!this.closed) {
				this.fired = true;
				this.thread.interrupt();
			}
		}

		/**
		 * From now on the thread is safe.
		 * @return whether it was interrupted before
		 */
		boolean close() {
			Future<?> alarm = this.alarm;
			if (alarm != null) {
				alarm.cancel(false);
			}
			synchronized (this) {
				this.closed = true;
				return this.fired;
			}
		}

	}

}
