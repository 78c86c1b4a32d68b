package io.pgqrs.workflow;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.pgqrs.listener.Shutdown;
import io.pgqrs.store.Availability;
import io.pgqrs.store.Availability.Activity;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Insists on what has to be written down: what was done must not be done again because
 * the database was away for a moment.
 */
final class Saver {

	private static final Log logger = LogFactory.getLog(Saver.class);

	private static final long MIN_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final Availability availability;

	Saver(Availability availability) {
		this.availability = availability;
	}

	/**
	 * Repeats a statement while the database cannot be reached.
	 * @param what is to be saved, for the log
	 * @param shutdown ends it when it is forced
	 * @param statement is safe to be repeated
	 * @return what the statement returns
	 */
	<T extends @Nullable Object> T save(String what, Shutdown shutdown, Supplier<T> statement) {
		try {
			return statement.get();
		}
		catch (RuntimeException ex) {
			return saveAfter(ex, what, shutdown, statement);
		}
	}

	private <T extends @Nullable Object> T saveAfter(RuntimeException first, String what, Shutdown shutdown,
			Supplier<T> statement) {
		RuntimeException failure = first;
		long backoff = MIN_BACKOFF_NANOS;
		try (Activity saving = this.availability.activity("saving " + what, logger)) {
			while (isPassing(failure) && !shutdown.isForced() && !Thread.currentThread().isInterrupted()) {
				saving.failed(failure);
				LockSupport.parkNanos(backoff);
				backoff = Math.min(backoff * 2, MAX_BACKOFF_NANOS);
				try {
					T result = statement.get();
					saving.succeeded();
					return result;
				}
				catch (RuntimeException ex) {
					failure = ex;
				}
			}
			throw failure;
		}
	}

	/** Whether the same statement may succeed later. */
	static boolean isPassing(Throwable exception) {
		return exception instanceof TransientDataAccessException || exception instanceof RecoverableDataAccessException
				|| exception instanceof DataAccessResourceFailureException || exception instanceof TransactionException;
	}

}
