package io.pgqrs.store.jdbc;

import java.util.function.Supplier;

import javax.sql.DataSource;

import io.pgqrs.store.Availability;
import io.pgqrs.store.DeadLetterStore;
import io.pgqrs.store.MaintenanceStore;
import io.pgqrs.store.MessageStore;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.QueueStore;
import io.pgqrs.store.SchemaStore;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.store.WorkerStore;
import io.pgqrs.store.WorkflowRunStore;
import io.pgqrs.store.WorkflowStepStore;

/**
 * A backend put together of its parts.
 *
 * @param database name of the product
 * @param dataSource what the parts work on
 * @param transactions of that data source
 * @param schema the tables
 * @param queues see {@link PgqrsStore}
 * @param messages see {@link PgqrsStore}
 * @param deadLetters see {@link PgqrsStore}
 * @param runs of workflows
 * @param steps of runs
 * @param workers see {@link PgqrsStore}
 * @param maintenance see {@link PgqrsStore}
 * @param availability see {@link PgqrsStore}
 * @param wakeUps see {@link PgqrsStore}
 * @since 0.1
 */
public record JdbcStore(String database, DataSource dataSource, StoreTransactions transactions, SchemaStore schema,
		QueueStore queues, MessageStore messages, DeadLetterStore deadLetters, WorkflowRunStore runs,
		WorkflowStepStore steps, WorkerStore workers, MaintenanceStore maintenance, Availability availability,
		WakeUpTransport wakeUps) implements PgqrsStore {

	@Override
	public <T> T inTransaction(Supplier<T> work) {
		return this.transactions.execute(work);
	}

}
