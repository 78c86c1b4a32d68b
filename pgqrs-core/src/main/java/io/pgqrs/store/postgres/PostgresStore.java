package io.pgqrs.store.postgres;

import javax.sql.DataSource;

import io.pgqrs.schema.FlywaySchema;
import io.pgqrs.store.Availability;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.store.jdbc.JdbcStore;
import io.pgqrs.store.jdbc.StoreTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The PostgreSQL backend, for many processes. Works through a transaction-pooling
 * PgBouncer, but for the wake-ups, which need a connection of their own.
 *
 * @since 0.1
 */
public final class PostgresStore {

	private PostgresStore() {
	}

	/**
	 * Makes the backend.
	 * @param dataSource where the tables are
	 * @param schemaName the schema that holds them
	 * @param direct the same database without a pool, for the connection that listens and
	 * for migrations; null to poll only
	 * @return the backend
	 */
	public static PgqrsStore create(DataSource dataSource, String schemaName, @Nullable DataSource direct) {
		PostgresSchema schema = new PostgresSchema(schemaName);
		JdbcClient jdbc = JdbcClient.create(dataSource);
		StoreTransactions transactions = new StoreTransactions(dataSource);
		Availability availability = new Availability("PostgreSQL");
		return new JdbcStore("PostgreSQL", dataSource, transactions,
				FlywaySchema.postgresql((direct != null) ? direct : dataSource, schema.name()),
				new PostgresQueueStore(jdbc, transactions, schema),
				new PostgresMessageStore(jdbc, transactions, schema), new PostgresDeadLetterStore(jdbc, schema),
				new PostgresWorkflowRunStore(jdbc, transactions, schema),
				new PostgresWorkflowStepStore(jdbc, transactions, schema),
				new PostgresWorkerStore(jdbc, (direct != null) ? JdbcClient.create(direct) : null, schema),
				new PostgresMaintenanceStore(jdbc, schema), availability, (direct != null)
						? new PostgresWakeUps(jdbc, direct, schema.name(), availability) : WakeUpTransport.none());
	}

}
