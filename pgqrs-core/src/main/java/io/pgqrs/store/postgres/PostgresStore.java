package io.pgqrs.store.postgres;

import java.util.function.Supplier;

import javax.sql.DataSource;

import io.pgqrs.schema.FlywaySchema;
import io.pgqrs.store.DeadLetterStore;
import io.pgqrs.store.MessageStore;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.QueueStore;
import io.pgqrs.store.SchemaStore;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.store.WorkerStore;
import io.pgqrs.store.jdbc.StoreTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The PostgreSQL backend, for many processes. Works through a transaction-pooling
 * PgBouncer, but for the wake-ups, which need a connection of their own.
 *
 * @since 0.1
 */
public final class PostgresStore implements PgqrsStore {

	private final DataSource dataSource;

	private final StoreTransactions transactions;

	private final SchemaStore schema;

	private final QueueStore queues;

	private final MessageStore messages;

	private final DeadLetterStore deadLetters;

	private final WorkerStore workers;

	private final WakeUpTransport wakeUps;

	/**
	 * Makes the backend.
	 * @param dataSource where the tables are
	 * @param schemaName the schema that holds them
	 * @param direct the same database without a pool, for the connection that listens and
	 * for migrations; null to poll only
	 */
	public PostgresStore(DataSource dataSource, String schemaName, @Nullable DataSource direct) {
		PostgresSchema name = new PostgresSchema(schemaName);
		JdbcClient jdbc = JdbcClient.create(dataSource);
		this.dataSource = dataSource;
		this.transactions = new StoreTransactions(dataSource);
		this.schema = FlywaySchema.postgresql((direct != null) ? direct : dataSource, name.name());
		this.queues = new PostgresQueueStore(jdbc, this.transactions, name);
		this.messages = new PostgresMessageStore(jdbc, this.transactions, name);
		this.deadLetters = new PostgresDeadLetterStore(jdbc, name);
		this.workers = new PostgresWorkerStore(jdbc, name);
		this.wakeUps = (direct != null) ? new PostgresWakeUps(jdbc, direct, name.name()) : WakeUpTransport.none();
	}

	@Override
	public String database() {
		return "PostgreSQL";
	}

	@Override
	public DataSource dataSource() {
		return this.dataSource;
	}

	@Override
	public <T> T inTransaction(Supplier<T> work) {
		return this.transactions.execute(work);
	}

	@Override
	public SchemaStore schema() {
		return this.schema;
	}

	@Override
	public QueueStore queues() {
		return this.queues;
	}

	@Override
	public MessageStore messages() {
		return this.messages;
	}

	@Override
	public DeadLetterStore deadLetters() {
		return this.deadLetters;
	}

	@Override
	public WorkerStore workers() {
		return this.workers;
	}

	@Override
	public WakeUpTransport wakeUps() {
		return this.wakeUps;
	}

}
