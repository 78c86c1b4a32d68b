package io.pgqrs.workflow;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.pgqrs.listener.Shutdown;
import io.pgqrs.support.FailureReport;
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

	private Saver() {
	}

	/**
	 * Repeats a statement while the database cannot be reached.
	 * @param what is to be saved, for the log
	 * @param shutdown ends it when it is forced
	 * @param statement is safe to be repeated
	 * @return what the statement returns
	 */
	static <T extends @Nullable Object> T save(String what, Shutdown shutdown, Supplier<T> statement) {
		long backoff = MIN_BACKOFF_NANOS;
		boolean failing = false;
		while (true) {
			try {
				T result = statement.get();
				if (failing) {
					logger.info("Saved after all: " + what);
				}
				return result;
			}
			catch (RuntimeException ex) {
				if (!isPassing(ex) || shutdown.isForced() || Thread.currentThread().isInterrupted()) {
					throw ex;
				}
				if (!failing) {
					logger.warn("Could not save " + what + ", and tries on: " + FailureReport.rootMessage(ex));
				}
				failing = true;
				LockSupport.parkNanos(backoff);
				backoff = Math.min(backoff * 2, MAX_BACKOFF_NANOS);
			}
		}
	}

	/** Whether the same statement may succeed later. */
	static boolean isPassing(Throwable exception) {
		return exception instanceof TransientDataAccessException || exception instanceof RecoverableDataAccessException
				|| exception instanceof DataAccessResourceFailureException || exception instanceof TransactionException;
	}

}
