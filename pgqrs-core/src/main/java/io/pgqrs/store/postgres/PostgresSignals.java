package io.pgqrs.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.function.Supplier;

import io.pgqrs.store.jdbc.StoreTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Signals in PostgreSQL, and what keeps a run and those who send it one from passing each
 * other: the run would not see a signal that is not yet committed, and the sender not
 * that the run has begun to wait. So both take a lock first, which senders share, and
 * each in a statement of its own: what a statement sees was committed before it began to
 * wait. It comes before all locks of rows.
 */
final class PostgresSignals {

	// The name of the table goes into the key of the lock, with that of its schema.

	private static final String LOCK = """
			SELECT current_setting('transaction_isolation')
			FROM pg_advisory_xact_lock(hashtextextended('pgqrs_workflow_signals ' || :run, 0))""";

	private static final String LOCK_SHARED = """
			SELECT current_setting('transaction_isolation')
			FROM pg_advisory_xact_lock_shared(hashtextextended('pgqrs_workflow_signals ' || :run, 0))""";

	private static final String READ_COMMITTED = """
			SET TRANSACTION ISOLATION LEVEL READ COMMITTED""";

	// Primary keys alone. Locks no row.
	private static final String SEND = """
			WITH sent AS (
				INSERT INTO pgqrs_workflow_signals (run_id, name, payload)
				SELECT id, :name, CAST(:payload AS json) FROM pgqrs_workflow_runs
				WHERE id = :run AND completed_at IS NULL
				RETURNING run_id)
			SELECT EXISTS (
				SELECT 1 FROM pgqrs_messages m JOIN pgqrs_workflow_steps s ON s.run_id = m.id
				WHERE m.id = sent.run_id AND m.worker_id IS NULL
					AND s.signal = :name AND s.completed_at IS NULL) AS waiting
			FROM sent""";

	private static final String SAVEPOINT = """
			SAVEPOINT pgqrs_wake""";

	// The primary key. A run that is held is due never, and stays so.
	private static final String WAKE = """
			UPDATE pgqrs_messages SET visible_at = statement_timestamp()
			WHERE id = :run AND worker_id IS NULL AND visible_at > statement_timestamp() AND visible_at < 'infinity'""";

	private static final String RELEASE = """
			RELEASE SAVEPOINT pgqrs_wake""";

	private static final String ROLLBACK = """
			ROLLBACK TO SAVEPOINT pgqrs_wake""";

	// The primary key (run_id, name, id), twice.
	private static final String TAKE = """
			DELETE FROM pgqrs_workflow_signals
			WHERE run_id = :run AND name = :name AND id = (
				SELECT min(id) FROM pgqrs_workflow_signals WHERE run_id = :run AND name = :name)
			RETURNING payload""";

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	private final PostgresSchema schema;

	/** Whether transactions of this pool begin with another isolation, as was seen. */
	private volatile boolean setsIsolation;

	PostgresSignals(JdbcClient jdbc, StoreTransactions transactions, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.schema = schema;
	}

	/**
	 * Keeps senders out until the transaction ends, and sees what they have sent.
	 * @param work in the transaction of the caller, or one of its own
	 */
	<T extends @Nullable Object> T withoutSenders(long runId, Supplier<T> work) {
		return locked(LOCK, runId, work);
	}

	private <T extends @Nullable Object> T locked(String lock, long runId, Supplier<T> work) {
		boolean own = !this.transactions.isActive();
		if (!own) {
			return lockAndDo(lock, runId, work);
		}
		try {
			return inOwnTransaction(lock, runId, work);
		}
		catch (InvalidDataAccessApiUsageException ex) {
			if (this.setsIsolation) {
				throw ex;
			}
			this.setsIsolation = true;
			return inOwnTransaction(lock, runId, work);
		}
	}

	private <T extends @Nullable Object> T inOwnTransaction(String lock, long runId, Supplier<T> work) {
		return this.transactions.execute(() -> {
			if (this.setsIsolation) {
				this.jdbc.sql(READ_COMMITTED).update();
			}
			return lockAndDo(lock, runId, work);
		});
	}

	private <T extends @Nullable Object> T lockAndDo(String lock, long runId, Supplier<T> work) {
		String isolation = sql(lock).param("run", runId).query(String.class).single();
		if (!isolation.equals("read committed")) {
			throw new InvalidDataAccessApiUsageException("Run " + runId
					+ " cannot be sent a signal, and cannot wait for one, in a transaction that is not READ COMMITTED: "
					+ "it would not see what was committed since it began. Do it outside");
		}
		return work.get();
	}

	/**
	 * Sends a signal.
	 * @return false if the run has ended, or there is none
	 */
	boolean send(long runId, String name, @Nullable String payload) {
		return locked(LOCK_SHARED, runId, () -> {
			Boolean waiting = sql(SEND).param("run", runId)
				.param("name", name)
				.param("payload", payload, Types.VARCHAR)
				.query(Boolean.class)
				.optional()
				.orElse(null);
			if (Boolean.TRUE.equals(waiting)) {
				wake(runId);
			}
			return waiting != null;
		});
	}

	/**
	 * A run that was claimed in this moment is left alone, but its row is locked by now.
	 * The transaction may be the caller's and last, and until it ends the holder could
	 * not extend the lease: so the lock is given back.
	 */
	private void wake(long runId) {
		sql(SAVEPOINT).update();
		boolean woken = sql(WAKE).param("run", runId).update() == 1;
		sql(woken ? RELEASE : ROLLBACK).update();
	}

	/**
	 * Takes the oldest signal of a name away.
	 * @return null if there is none
	 */
	@Nullable Signal take(long runId, String name) {
		return sql(TAKE).param("run", runId).param("name", name).query(PostgresSignals::signal).optional().orElse(null);
	}

	private static Signal signal(ResultSet rs, int index) throws SQLException {
		return new Signal(rs.getString("payload"));
	}

	private JdbcClient.StatementSpec sql(String sql) {
		return this.jdbc.sql(this.schema.qualify(sql));
	}

	/**
	 * A signal.
	 *
	 * @param payload JSON, or null
	 */
	record Signal(@Nullable String payload) {
	}

}
