package io.pgqrs.store.postgres;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.UncategorizedDataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/**
 * Lets threads that write at the same time share a statement, and so a commit: each has
 * to wait for the disk, and who comes meanwhile goes together next. Nobody waits for
 * others to come: a thread that is alone executes the statement at once. All return when
 * what they wrote is committed.
 * <p>
 * What goes wrong for one is no affair of the others: the shared statement must not wait
 * for a lock, and what it leaves out, or all of it if the database refuses it, each
 * thread does in a statement of its own. When it is not known what came of it, all are
 * told so, by the same exception.
 *
 * @param <T> what a thread writes
 * @param <R> what comes of it
 */
final class SharedStatement<T, R extends @Nullable Object> {

	private static final Log logger = LogFactory.getLog(SharedStatement.class);

	/** While one waits for the disk, another one is prepared. */
	private static final int AT_ONCE = 2;

	private static final int MOST = 100;

	private final Function<List<T>, List<@Nullable Share<R>>> together;

	private final Function<T, R> alone;

	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<Caller<T, R>> waiting = new ArrayDeque<>();

	private int executing;

	/**
	 * Makes it.
	 * @param together executes the statement for one or more, and returns as many shares
	 * in their order; null for those that it left out
	 * @param alone executes the statement for one, and waits for locks
	 */
	SharedStatement(Function<List<T>, List<@Nullable Share<R>>> together, Function<T, R> alone) {
		this.together = together;
		this.alone = alone;
	}

	/**
	 * Writes.
	 * @param item of a thread without a transaction
	 * @return what came of it
	 */
	R execute(T item) {
		Caller<T, R> caller = new Caller<>(item);
		if (!isExecutor(caller)) {
			caller.turn.acquireUninterruptibly();
		}
		if (caller.executes) {
			executeTogether(caller);
		}
		if (caller.failure != null) {
			throw caller.failure;
		}
		Share<R> share = caller.share;
		return (share != null) ? share.result() : this.alone.apply(item);
	}

	private boolean isExecutor(Caller<T, R> caller) {
		this.lock.lock();
		try {
			if (this.executing < AT_ONCE) {
				this.executing++;
				caller.executes = true;
			}
			else {
				this.waiting.add(caller);
			}
			return caller.executes;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** How many threads wait for others. */
	int waiting() {
		this.lock.lock();
		try {
			return this.waiting.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void addWaiting(List<Caller<T, R>> all) {
		this.lock.lock();
		try {
			while (all.size() < MOST && !this.waiting.isEmpty()) {
				all.add(this.waiting.remove());
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void executeTogether(Caller<T, R> caller) {
		List<Caller<T, R>> all = new ArrayList<>(List.of(caller));
		boolean interrupted = false;
		try {
			addWaiting(all);
			// An interrupt of this thread would break the statement of the others.
			interrupted = all.size() > 1 && Thread.interrupted();
			List<@Nullable Share<R>> shares = this.together.apply(all.stream().map((each) -> each.item).toList());
			for (int i = 0; i < all.size(); i++) {
				all.get(i).share = shares.get(i);
			}
		}
		catch (RuntimeException ex) {
			if (all.size() == 1 || !isUndone(ex)) {
				all.forEach((each) -> each.failure = ex);
			}
			else {
				logger.debug("Each of " + all.size() + " threads goes alone", ex);
			}
		}
		catch (Error ex) {
			for (Caller<T, R> each : all) {
				if (each != caller && each.share == null) {
					each.failure = new DataAccessResourceFailureException(
							"The thread that executed the statement failed; it is not known what came of it", ex);
				}
			}
			throw ex;
		}
		finally {
			try {
				passOn();
			}
			finally {
				for (Caller<T, R> each : all) {
					if (each != caller) {
						each.turn.release();
					}
				}
				if (interrupted) {
					Thread.currentThread().interrupt();
				}
			}
		}
	}

	/** Nothing was committed, for sure: one of them may have been the reason. */
	private static boolean isUndone(RuntimeException exception) {
		if (exception instanceof CannotGetJdbcConnectionException) {
			// Where there is none, there will be none for each of them either.
			return Thread.currentThread().isInterrupted();
		}
		return exception instanceof ConcurrencyFailureException || (exception instanceof NonTransientDataAccessException
				&& !(exception instanceof NonTransientDataAccessResourceException)
				&& !(exception instanceof UncategorizedDataAccessException));
	}

	/** The next one executes for all who wait by then. */
	private void passOn() {
		Caller<T, R> next;
		this.lock.lock();
		try {
			next = this.waiting.poll();
			if (next == null) {
				this.executing--;
				return;
			}
			next.executes = true;
		}
		finally {
			this.lock.unlock();
		}
		next.turn.release();
	}

	/**
	 * What came of it for one.
	 *
	 * @param result as the thread's own statement would return it
	 */
	record Share<R extends @Nullable Object>(R result) {
	}

	/** A thread that writes. What others set, it reads after its turn has come. */
	private static final class Caller<T, R extends @Nullable Object> {

		private final T item;

		private final Semaphore turn = new Semaphore(0);

		private boolean executes;

		private @Nullable Share<R> share;

		private @Nullable RuntimeException failure;

		Caller(T item) {
			this.item = item;
		}

	}

}
