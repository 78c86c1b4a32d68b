package io.pgqrs.store.sqlite;

import javax.sql.DataSource;

import io.pgqrs.schema.FlywaySchema;
import io.pgqrs.store.Availability;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.store.jdbc.JdbcStore;
import io.pgqrs.store.jdbc.StoreTransactions;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The SQLite backend: one file, the application's own. Several processes may use it,
 * though one is what it is for.
 * <p>
 * Whatever writes does so in a transaction, which the prepared data source begins with
 * the write lock in hand; whatever only reads takes none.
 *
 * @since 0.1
 */
public final class SqliteStore {

	private SqliteStore() {
	}

	/**
	 * Makes the backend.
	 * @param dataSource leads to the file; prepared here unless it is already
	 * @param options how its connections are set up
	 * @return the backend
	 * @see SqliteDataSources#prepare
	 */
	public static PgqrsStore create(DataSource dataSource, SqliteOptions options) {
		DataSource prepared = SqliteDataSources.prepare(dataSource, options);
		JdbcClient jdbc = JdbcClient.create(prepared);
		StoreTransactions transactions = new StoreTransactions(prepared);
		return new JdbcStore("SQLite", prepared, transactions, FlywaySchema.sqlite(prepared),
				new SqliteQueueStore(jdbc, transactions), new SqliteMessageStore(jdbc, transactions),
				new SqliteDeadLetterStore(jdbc, transactions), new SqliteWorkflowRunStore(jdbc, transactions),
				new SqliteWorkflowStepStore(jdbc, transactions), new SqliteWorkerStore(jdbc, transactions),
				new SqliteMaintenanceStore(jdbc, transactions), new Availability("SQLite"), WakeUpTransport.none());
	}

}
