package io.pgqrs.spring.boot.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler.Sample;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.SchemaStatus;
import io.pgqrs.store.SchemaStatus.State;
import io.pgqrs.support.FailureReport;
import org.jspecify.annotations.Nullable;

/**
 * Whether the database answers, has the tables that this library needs, and what it
 * holds. Asks on a thread of its own, and only once at a time unless there is no answer
 * for a minute, so that nobody who wants to know waits as long as a connection pool does.
 *
 * @since 0.1
 */
public class DatabaseCheck {

	private static final int CONNECTION_SECONDS = 2;

	/**
	 * Then the version is asked for; comparing migrations logs, and takes many
	 * statements.
	 */
	private static final Duration SCHEMA_REMEMBERED = Duration.ofMinutes(1);

	/** A connection may hang for ever that the database no longer knows. */
	private static final Duration GIVEN_UP = Duration.ofMinutes(1);

	private final PgqrsStore store;

	private final PgqrsSampler sampler;

	private final Duration patience;

	private final LongSupplier nanoTime;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable CompletableFuture<Result> running;

	private long runningSince;

	private volatile @Nullable ReadSchema schema;

	/**
	 * Makes a check.
	 * @param store the backend
	 * @param sampler knows what the database holds
	 * @param patience how long to wait for an answer
	 */
	public DatabaseCheck(PgqrsStore store, PgqrsSampler sampler, Duration patience) {
		this(store, sampler, patience, System::nanoTime);
	}

	DatabaseCheck(PgqrsStore store, PgqrsSampler sampler, Duration patience, LongSupplier nanoTime) {
		this.store = store;
		this.sampler = sampler;
		this.patience = patience;
		this.nanoTime = nanoTime;
	}

	/**
	 * Name of the database product.
	 * @return such as {@code PostgreSQL}
	 */
	public String database() {
		return this.store.database();
	}

	/**
	 * Asks the database. Callers that come meanwhile get the same answer.
	 * @return what was found, or that there was no answer in time
	 */
	public Result check() {
		try {
			return begin().get(this.patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			return Result.unreachable("no answer within " + this.patience);
		}
		catch (ExecutionException ex) {
			return Result.unreachable(FailureReport.rootMessage(ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Result.unreachable("interrupted");
		}
	}

	private CompletableFuture<Result> begin() {
		this.lock.lock();
		try {
			CompletableFuture<Result> result = this.running;
			long now = this.nanoTime.getAsLong();
			if (result == null || result.isDone() || now - this.runningSince > GIVEN_UP.toNanos()) {
				result = new CompletableFuture<>();
				this.running = result;
				this.runningSince = now;
				start(result);
			}
			return result;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void start(CompletableFuture<Result> result) {
		Thread thread = new Thread(() -> {
			try {
				result.complete(ask());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "pgqrs-check");
		thread.setDaemon(true);
		thread.start();
	}

	private Result ask() throws SQLException {
		connect();
		SchemaStatus status = null;
		try {
			status = schema();
			return new Result(true, status, this.sampler.sample(), null);
		}
		catch (RuntimeException ex) {
			return new Result(true, status, null, FailureReport.rootMessage(ex));
		}
	}

	private void connect() throws SQLException {
		try (Connection connection = this.store.dataSource().getConnection()) {
			if (!connection.isValid(CONNECTION_SECONDS)) {
				throw new SQLNonTransientConnectionException("The connection does not work any more");
			}
		}
	}

	private SchemaStatus schema() {
		ReadSchema last = this.schema;
		long now = this.nanoTime.getAsLong();
		if (last != null && now - last.readAt() < SCHEMA_REMEMBERED.toNanos()) {
			return last.status();
		}
		if (last != null && isInstalled(last.status().version())) {
			this.schema = new ReadSchema(last.status(), now);
			return last.status();
		}
		SchemaStatus status = this.store.schema().status();
		boolean stays = status.state() == State.CURRENT || status.state() == State.NEWER;
		this.schema = stays ? new ReadSchema(status, now) : null;
		return status;
	}

	private boolean isInstalled(@Nullable String version) {
		return version != null && version.equals(this.store.schema().installedVersion());
	}

	/** What the tables are, and when that was found out. */
	private record ReadSchema(SchemaStatus status, long readAt) {

	}

	/**
	 * What was found.
	 *
	 * @param reachable whether the database answers
	 * @param schema whether its tables are those that this library needs, as they were at
	 * most a minute ago; null if that could not be found out
	 * @param sample what it holds, null if it could not be read
	 * @param error why not, or null
	 */
	public record Result(boolean reachable, @Nullable SchemaStatus schema, @Nullable Sample sample,
			@Nullable String error) {

		static Result unreachable(String error) {
			return new Result(false, null, null, error);
		}

	}

}
