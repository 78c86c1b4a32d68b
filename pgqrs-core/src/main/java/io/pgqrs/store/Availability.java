package io.pgqrs.store;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Whether the database answers, as all parts of this process see it together. An outage
 * is one line in the log when it begins and one when it is over, however many listeners,
 * heartbeats and pollers find out. It is over when each of those that failed has
 * succeeded again.
 *
 * @since 0.1
 */
public final class Availability {

	private static final Log logger = LogFactory.getLog(Availability.class);

	/** Connection failures; the server shuts down, starts, or has no connection left. */
	private static final String[] OUTAGES = { "08", "57P", "53300" };

	private final String database;

	private final ReentrantLock lock = new ReentrantLock();

	private final Set<String> failing = new HashSet<>();

	private volatile boolean interrupted;

	private long since;

	private long failures;

	/**
	 * Makes one for a database that is taken to answer.
	 * @param database its name, for the log
	 */
	public Availability(String database) {
		this.database = database;
	}

	/**
	 * Something that is tried again until it succeeds.
	 * @param name what it is, such as {@code listener 'orders'}; those of one name are
	 * one
	 * @param log takes its failures that are no outage
	 * @return to be told of failures and successes
	 */
	public Activity activity(String name, Log log) {
		return new Activity(this, name, log);
	}

	/**
	 * Tells that something failed which is tried again until it succeeds.
	 * @param activity what failed, such as {@code listener 'orders'}
	 * @param failure what was thrown
	 * @return whether it failed because the database cannot be reached, and so is not to
	 * be logged once more
	 */
	public boolean failed(String activity, Throwable failure) {
		if (!isOutage(failure)) {
			// Who is refused was answered.
			succeeded(activity);
			return false;
		}
		this.lock.lock();
		try {
			if (this.failing.isEmpty()) {
				this.since = System.nanoTime();
				this.failures = 0;
				logger.warn(this.database + " cannot be reached, as " + activity + " finds: " + message(failure)
						+ ". All that needs it tries on, and goes on by itself");
			}
			this.failures++;
			this.failing.add(activity);
			this.interrupted = true;
		}
		finally {
			this.lock.unlock();
		}
		return true;
	}

	/**
	 * Tells that something succeeded, or is given up.
	 * @param activity as in {@link #failed}
	 */
	public void succeeded(String activity) {
		if (!this.interrupted) {
			return;
		}
		this.lock.lock();
		try {
			if (this.failing.remove(activity) && this.failing.isEmpty()) {
				this.interrupted = false;
				logger.info(this.database + " answers again, after "
						+ Duration.ofNanos(System.nanoTime() - this.since).toSeconds() + " s in which " + this.failures
						+ " attempts failed");
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether something still waits for the database.
	 * @return false if all that failed has succeeded since
	 */
	public boolean isInterrupted() {
		return this.interrupted;
	}

	/**
	 * Whether a failure needs no line in the log, because it belongs to an outage that is
	 * known already.
	 * @param failure what was thrown
	 * @return false if somebody should hear of it
	 */
	public boolean explains(Throwable failure) {
		return this.interrupted && isOutage(failure);
	}

	/**
	 * Whether a failure means that the database cannot be reached, and not that it
	 * refused something. A thread that was interrupted while it waited says nothing about
	 * the database.
	 * @param failure what was thrown
	 * @return whether the same may succeed later without anybody's doing
	 */
	public static boolean isOutage(Throwable failure) {
		Boolean verdict = null;
		boolean unreachable = false;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InterruptedException) {
				return false;
			}
			if (verdict == null && cause instanceof SQLException exception) {
				verdict = verdict(exception);
			}
			unreachable |= cause instanceof DataAccessResourceFailureException
					|| cause instanceof RecoverableDataAccessException
					|| cause instanceof TransientDataAccessResourceException
					|| cause instanceof CannotCreateTransactionException;
		}
		return (verdict != null) ? verdict : unreachable;
	}

	/** What the driver says, or the pool; null if they do not. */
	private static @Nullable Boolean verdict(SQLException exception) {
		if (exception instanceof SQLTransientConnectionException || exception instanceof SQLRecoverableException
				|| exception instanceof SQLNonTransientConnectionException) {
			return true;
		}
		String state = exception.getSQLState();
		return (state != null) ? Stream.of(OUTAGES).anyMatch(state::startsWith) : null;
	}

	private static String message(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		String message = cause.getMessage();
		return (message != null) ? message : cause.getClass().getName();
	}

	/**
	 * Something that is tried again until it succeeds: its failure is one line in the
	 * log, and its success another one, unless both belong to an outage.
	 */
	public static final class Activity implements AutoCloseable {

		private final Availability availability;

		private final String name;

		private final Log log;

		private volatile boolean failing;

		private volatile boolean logged;

		private Activity(Availability availability, String name, Log log) {
			this.availability = availability;
			this.name = name;
			this.log = log;
		}

		/**
		 * It failed, and will be tried again.
		 * @param failure what was thrown
		 */
		public void failed(Throwable failure) {
			if (!this.availability.failed(this.name, failure) && !this.logged) {
				this.logged = true;
				this.log.warn(this.name + " failed, and tries on: " + message(failure));
			}
			this.failing = true;
			this.log.debug(this.name + " failed", failure);
		}

		/** It succeeded. */
		public void succeeded() {
			if (this.failing) {
				if (this.logged) {
					this.log.info(this.name + " goes on");
				}
				this.failing = false;
				this.logged = false;
			}
			this.availability.succeeded(this.name);
		}

		/**
		 * Whether it has failed and not succeeded since.
		 * @return also true in an outage
		 */
		public boolean isFailing() {
			return this.failing;
		}

		/** It is given up. */
		@Override
		public void close() {
			this.failing = false;
			this.logged = false;
			this.availability.succeeded(this.name);
		}

	}

}
