package io.pgqrs.benchmarks.contender;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.contender.BareStatements.Claimed;
import io.pgqrs.benchmarks.database.Database;

/**
 * The limit: the tables of pgqrs and the shortest statements that claim and complete, in
 * a loop of plain JDBC on each connection. No leases are extended, no failures are dealt
 * with, nobody is woken.
 */
public final class BareLoop implements QueueContender {

	private final String name;

	/** Claims and completes. */
	public BareLoop() {
		this(Names.BARE_LOOP);
	}

	private BareLoop(String name) {
		this.name = name;
	}

	/** The same under the name of what it does where messages are only enqueued. */
	public static BareLoop insertAndCommit() {
		return new BareLoop(Names.BARE_INSERT);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public boolean worksOn(Database database) {
		return true;
	}

	@Override
	public JobQueue open(Database database, QueueSettings settings) {
		return new Loops(database, settings);
	}

	private static final class Loops implements JobQueue {

		private final Database database;

		private final QueueSettings settings;

		private final HikariDataSource pool;

		private final BareStatements statements;

		private final ExecutorService threads;

		private volatile boolean closed;

		Loops(Database database, QueueSettings settings) {
			PgqrsRuntime.install(database);
			this.database = database;
			this.settings = settings;
			this.pool = database.pool(settings.poolSize());
			this.statements = BareStatements.on(database, settings.archive());
			this.threads = Executors.newFixedThreadPool(settings.consumers());
		}

		@Override
		public void fill(int messages) throws SQLException {
			try (Connection connection = this.pool.getConnection()) {
				this.statements.fill(connection, messages);
			}
		}

		@Override
		public void enqueue(long value) throws SQLException {
			enqueueAll(List.of(value));
		}

		@Override
		public void enqueueAll(List<Long> values) throws SQLException {
			try (Connection connection = this.pool.getConnection()) {
				this.statements.enqueue(connection, values);
			}
		}

		@Override
		public void consume(LongConsumer handler) {
			for (int i = 0; i < this.settings.consumers(); i++) {
				this.threads.execute(() -> loop(handler));
			}
		}

		private void loop(LongConsumer handler) {
			try (Connection connection = this.pool.getConnection();
					BareStatements.Session session = this.statements.session(connection, this.settings.batch())) {
				while (!this.closed) {
					List<Claimed> claimed = session.claim();
					claimed.forEach((message) -> handler.accept(message.value()));
					if (claimed.isEmpty()) {
						TimeUnit.MILLISECONDS.sleep(1);
					}
					else {
						session.complete(claimed);
					}
				}
			}
			catch (SQLException | InterruptedException ex) {
				if (!this.closed) {
					throw new IllegalStateException(ex);
				}
			}
		}

		@Override
		public boolean isDrained() {
			return PgqrsRuntime.isDrained(this.database, this.pool);
		}

		@Override
		public void close() throws InterruptedException {
			this.closed = true;
			this.threads.shutdown();
			this.threads.awaitTermination(10, TimeUnit.SECONDS);
			this.pool.close();
		}

	}

}
