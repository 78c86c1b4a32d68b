package io.pgqrs.benchmarks.contender;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.PgqrsSchema;
import io.pgqrs.PgqrsStores;
import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.benchmarks.database.Database;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.listener.PgqrsWorker;
import io.pgqrs.schema.FlywaySchema;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.sqlite.SqliteOptions;
import io.pgqrs.support.PayloadJson;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a process has that uses pgqrs, wired as the auto-configuration does it, with its
 * defaults.
 */
final class PgqrsRuntime implements AutoCloseable {

	/** The queue of all that measures queues. */
	static final String QUEUE = "numbers";

	private static final Duration HEARTBEAT = Duration.ofSeconds(10);

	private final HikariDataSource pool;

	private final PgqrsStore store;

	private final QueueCatalog catalog;

	private final WakeUps wakeUps;

	private final PayloadJson json = new PayloadJson(JsonMapper.shared());

	private final DefaultPgqrsListenerContainerFactory factory;

	private final PgqrsListenerEndpointRegistry endpoints = new PgqrsListenerEndpointRegistry();

	private PgqrsRuntime(HikariDataSource pool, Database database, boolean wakeUps, ContainerOptions options) {
		this.pool = pool;
		DataSource direct = database.direct();
		this.store = PgqrsStores.create(pool, PgqrsStores.DEFAULT_SCHEMA, wakeUps ? direct : null,
				SqliteOptions.defaults());
		new PgqrsSchema(database.isPostgres() ? FlywaySchema.postgresql(direct, PgqrsStores.DEFAULT_SCHEMA)
				: this.store.schema())
			.install();
		this.catalog = new QueueCatalog(this.store.queues(), QueueNotFoundStrategy.CREATE, List.of());
		this.wakeUps = new WakeUps(this.store.wakeUps());
		this.factory = new DefaultPgqrsListenerContainerFactory(this.store, this.catalog, this.wakeUps, this.json,
				new PgqrsWorker(this.store, this.wakeUps, "benchmark", HEARTBEAT));
		this.factory.setOptions(options);
		this.wakeUps.listen();
	}

	/**
	 * Makes the tables and what works on them.
	 * @param database is empty
	 * @param poolSize connections in the pool
	 * @param wakeUps whether other processes are told of new messages; those of this one
	 * always are
	 * @param options what containers do
	 * @return a runtime whose containers do not run yet
	 */
	static PgqrsRuntime open(Database database, int poolSize, boolean wakeUps, ContainerOptions options) {
		HikariDataSource pool = database.pool(poolSize);
		try {
			return new PgqrsRuntime(pool, database, wakeUps, options);
		}
		catch (RuntimeException ex) {
			pool.close();
			throw ex;
		}
	}

	/**
	 * Makes the tables and the queue, which gets the id 1, for those who know nothing
	 * else of pgqrs.
	 */
	static void install(Database database) {
		try (PgqrsRuntime runtime = open(database, 2, false, ContainerOptions.builder().build())) {
			runtime.catalog().create(QUEUE);
		}
	}

	/**
	 * Puts the messages 0 to n - 1 in, by one statement.
	 * @param dataSource leads to a database where the queue has the id 1
	 */
	static void fill(Database database, DataSource dataSource, int messages) {
		try (Connection connection = dataSource.getConnection()) {
			BareStatements.on(database, false).fill(connection, messages);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Whether no message is left. */
	static boolean isDrained(Database database, DataSource dataSource) {
		return JdbcClient.create(dataSource)
			.sql("SELECT count(*) FROM (SELECT 1 FROM " + (database.isPostgres() ? "pgqrs." : "")
					+ "pgqrs_messages LIMIT 1) AS message")
			.query(Long.class)
			.single() == 0;
	}

	/** The data source that the store works on. */
	DataSource dataSource() {
		return this.store.dataSource();
	}

	PgqrsStore store() {
		return this.store;
	}

	QueueCatalog catalog() {
		return this.catalog;
	}

	WakeUps wakeUps() {
		return this.wakeUps;
	}

	PayloadJson json() {
		return this.json;
	}

	DefaultPgqrsListenerContainerFactory factory() {
		return this.factory;
	}

	/** Starts and stops the containers that are registered with it. */
	PgqrsListenerEndpointRegistry endpoints() {
		return this.endpoints;
	}

	/** A new template on this runtime. */
	PgqrsTemplate template() {
		return new PgqrsTemplate(this.store, this.catalog, this.wakeUps, this.json);
	}

	@Override
	public void close() {
		this.endpoints.stop();
		this.wakeUps.close();
		this.pool.close();
	}

}
