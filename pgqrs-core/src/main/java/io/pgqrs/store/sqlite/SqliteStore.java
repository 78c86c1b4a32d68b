package io.pgqrs.store.sqlite;

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
public final class SqliteStore implements PgqrsStore {

	private final DataSource dataSource;

	private final StoreTransactions transactions;

	private final SchemaStore schema;

	private final QueueStore queues;

	private final MessageStore messages;

	private final DeadLetterStore deadLetters;

	private final WorkerStore workers;

	private final WakeUpTransport wakeUps = WakeUpTransport.none();

	/**
	 * Makes the backend.
	 * @param dataSource leads to the file; prepared here unless it is already
	 * @param options how its connections are set up
	 * @see SqliteDataSources#prepare
	 */
	public SqliteStore(DataSource dataSource, SqliteOptions options) {
		this.dataSource = SqliteDataSources.prepare(dataSource, options);
		JdbcClient jdbc = JdbcClient.create(this.dataSource);
		this.transactions = new StoreTransactions(this.dataSource);
		this.schema = FlywaySchema.sqlite(this.dataSource);
		this.queues = new SqliteQueueStore(jdbc, this.transactions);
		this.messages = new SqliteMessageStore(jdbc, this.transactions);
		this.deadLetters = new SqliteDeadLetterStore(jdbc, this.transactions);
		this.workers = new SqliteWorkerStore(jdbc, this.transactions);
	}

	@Override
	public String database() {
		return "SQLite";
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
