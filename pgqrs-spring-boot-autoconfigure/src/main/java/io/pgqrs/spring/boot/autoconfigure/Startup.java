package io.pgqrs.spring.boot.autoconfigure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.pgqrs.StartupFailurePolicy;
import io.pgqrs.store.Availability;
import io.pgqrs.store.Availability.Activity;
import io.pgqrs.support.FailureReport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * What has to be done in the database when the application starts. If the database cannot
 * be reached, and the policy is to retry, it is done later by a thread of its own, in the
 * order in which it was asked for.
 */
final class Startup implements DisposableBean {

	private static final Log logger = LogFactory.getLog(Startup.class);

	private static final long MIN_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final StartupFailurePolicy policy;

	private final Activity starting;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition closing = this.lock.newCondition();

	/** Not done yet, the first one being tried. */
	private final Deque<Runnable> pending = new ArrayDeque<>();

	private volatile @Nullable String problem;

	private boolean closed;

	Startup(Availability availability, StartupFailurePolicy policy) {
		this.policy = policy;
		this.starting = availability.activity("the startup of pgqrs", logger);
	}

	/**
	 * Does something now, or later if that is allowed and must be.
	 * @param task may be tried several times
	 */
	void run(Runnable task) {
		this.lock.lock();
		try {
			if (!this.pending.isEmpty()) {
				this.pending.add(task);
				return;
			}
			try {
				task.run();
			}
			catch (RuntimeException ex) {
				if (this.policy == StartupFailurePolicy.FAIL || !Availability.isOutage(ex)) {
					throw ex;
				}
				failed(ex);
				this.pending.add(task);
				Thread thread = new Thread(this::runPending, "pgqrs-startup");
				thread.setDaemon(true);
				thread.start();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Why it is not done yet.
	 * @return null if it is done
	 */
	@Nullable String problem() {
		return this.problem;
	}

	private void runPending() {
		long backoff = MIN_BACKOFF_NANOS;
		Runnable task = next(backoff);
		while (task != null) {
			try {
				task.run();
				backoff = 0;
				done();
			}
			catch (Throwable ex) {
				failed(ex);
				backoff = Math.min(Math.max(backoff * 2, MIN_BACKOFF_NANOS), MAX_BACKOFF_NANOS);
			}
			task = next(backoff);
		}
	}

	private void failed(Throwable failure) {
		String last = FailureReport.rootMessage(failure);
		if (!Availability.isOutage(failure) && !last.equals(this.problem)) {
			logger.error("pgqrs cannot start, and tries on", failure);
		}
		this.problem = last;
		this.starting.failed(failure);
	}

	private void done() {
		this.lock.lock();
		try {
			this.pending.remove();
			if (this.pending.isEmpty()) {
				this.problem = null;
				this.starting.succeeded();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits, unless it is closed meanwhile; null if there is nothing to do any more. */
	private @Nullable Runnable next(long nanos) {
		this.lock.lock();
		try {
			long left = nanos;
			while (left > 0 && !this.closed) {
				left = this.closing.awaitNanos(left);
			}
			return this.closed ? null : this.pending.peek();
		}
		catch (InterruptedException ex) {
			return null;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void destroy() {
		this.lock.lock();
		try {
			this.closed = true;
			this.closing.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		this.starting.close();
	}

}
