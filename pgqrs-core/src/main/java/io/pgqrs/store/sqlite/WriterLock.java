package io.pgqrs.store.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * The turn to write to one SQLite file. SQLite has one writer at a time, and those who
 * wait sleep and try again in no order, so under load some never get their turn. Here the
 * threads of this process queue up first come, first served; only the first one ever
 * meets SQLite's own lock.
 * <p>
 * The turn belongs to a transaction, not to a thread: a transaction may end on another
 * thread than it began on.
 */
final class WriterLock {

	/**
	 * Spring translates it to {@code CannotAcquireLockException}, which is worth a retry.
	 */
	static final String CANNOT_LOCK = "40001";

	private static final String INVALID_TRANSACTION_STATE = "25001";

	// Static because the file is: two data sources, two application contexts and two
	// libraries in this process that write to one file must share one lock, and nothing
	// else is common to them. One small entry per file, never removed.
	private static final ConcurrentMap<Path, WriterLock> LOCKS = new ConcurrentHashMap<>();

	private final Path file;

	private final Semaphore turn = new Semaphore(1, true);

	private volatile @Nullable Hold holder;

	private WriterLock(Path file) {
		this.file = file;
	}

	/**
	 * The one lock of a file.
	 * @param file a path to the file, absolute or not, through links or not
	 * @return the lock
	 */
	static WriterLock of(Path file) {
		return LOCKS.computeIfAbsent(canonical(file), WriterLock::new);
	}

	private static Path canonical(Path file) {
		try {
			return file.toRealPath();
		}
		catch (IOException ex) {
			return file.toAbsolutePath().normalize();
		}
	}

	Path file() {
		return this.file;
	}

	/**
	 * Waits for the turn to write. Must not be called inside a transaction that holds
	 * SQLite's write lock: the two locks would wait for each other.
	 * @param timeout how long to wait
	 * @return the turn, to be released
	 * @throws SQLTransactionRollbackException if the turn did not come in time or the
	 * thread was interrupted
	 * @throws SQLException if this thread has the turn already, so that it would wait for
	 * itself
	 */
	Hold acquire(Duration timeout) throws SQLException {
		Thread thread = Thread.currentThread();
		Hold current = this.holder;
		if (current != null && current.thread == thread) {
			throw new SQLException(
					("Thread '%s' is in a transaction that writes to %s and began another one on a second connection."
							+ " SQLite has one writer at a time: the second would wait for the first for ever."
							+ " Propagation REQUIRES_NEW and writes with NOT_SUPPORTED cannot work on SQLite;"
							+ " use REQUIRED or NESTED, or do the work after the commit")
						.formatted(thread.getName(), this.file),
					INVALID_TRANSACTION_STATE);
		}
		try {
			// The timed form because the untimed tryAcquire() overtakes the queue.
			if (!this.turn.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				throw new SQLTransactionRollbackException("No turn to write to %s within %s: %s. %d threads are waiting"
					.formatted(this.file, timeout, describe(this.holder), this.turn.getQueueLength()), CANNOT_LOCK);
			}
		}
		catch (InterruptedException ex) {
			thread.interrupt();
			throw new SQLTransactionRollbackException("Interrupted while waiting for the turn to write to " + this.file,
					CANNOT_LOCK, ex);
		}
		Hold hold = new Hold(thread);
		this.holder = hold;
		return hold;
	}

	boolean isHeld() {
		return this.holder != null;
	}

	private static String describe(@Nullable Hold holder) {
		if (holder == null) {
			return "other threads went first";
		}
		long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - holder.since);
		return "thread '%s' has had it for %d ms, in a transaction that is long or was never ended"
			.formatted(holder.thread.getName(), millis);
	}

	/** The turn of one transaction. */
	final class Hold {

		private final AtomicBoolean released = new AtomicBoolean();

		private final long since = System.nanoTime();

		private volatile Thread thread;

		private Hold(Thread thread) {
			this.thread = thread;
		}

		/**
		 * Notes the thread that now works in the transaction, for it must not wait for
		 * it.
		 */
		void usedBy(Thread thread) {
			if (this.thread != thread) {
				this.thread = thread;
			}
		}

		/** Gives the turn to the next one in the queue; the second time does nothing. */
		void release() {
			if (this.released.compareAndSet(false, true)) {
				WriterLock.this.holder = null;
				WriterLock.this.turn.release();
			}
		}

	}

}
