package io.pgqrs.benchmarks.contender;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.benchmarks.contender.RustShapedSession.Message;
import io.pgqrs.benchmarks.contender.RustShapedSession.Write;
import io.pgqrs.benchmarks.database.Database;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * The queue of {@link RustShaped}: each consumer is a worker with a thread and a
 * connection of its own.
 */
final class RustShapedQueue implements JobQueue {

	private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

	private static final long PRODUCER = 0;

	private static final String WORKER = "INSERT INTO rust_shaped_workers (id, status) VALUES (:id, :status)";

	// Served by rust_shaped_messages_ready.
	private static final String DRAINED = """
			SELECT NOT EXISTS (SELECT 1 FROM rust_shaped_messages WHERE queue_id = 1 AND archived_at IS NULL)""";

	private final RustShapedDialect dialect;

	private final QueueSettings settings;

	private final HikariDataSource pool;

	private final JdbcClient jdbc;

	private final ExecutorService threads;

	private final CountDownLatch closed = new CountDownLatch(1);

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	/** Writers of one process take turns on SQLite, as in the Rust one. */
	private final @Nullable Lock writer;

	RustShapedQueue(Database database, QueueSettings settings) {
		this.dialect = database.isPostgres() ? RustShapedDialect.POSTGRES : RustShapedDialect.SQLITE;
		this.settings = settings;
		// The consumers keep theirs.
		this.pool = database.pool(Math.max(settings.poolSize(), settings.consumers() + 1));
		this.jdbc = JdbcClient.create(this.pool);
		this.threads = Executors.newFixedThreadPool(settings.consumers());
		this.writer = database.isPostgres() ? null : new ReentrantLock(true);
		new ResourceDatabasePopulator(this.dialect.tables()).execute(this.pool);
		for (long id = PRODUCER; id <= settings.consumers(); id++) {
			this.jdbc.sql(WORKER).param("id", id).param("status", RustShapedSession.READY).update();
		}
	}

	@Override
	public void fill(int messages) {
		this.jdbc.sql(this.dialect.fill()).param("messages", messages).param("producer", PRODUCER).update();
	}

	@Override
	public void enqueue(long value) throws SQLException {
		try (Connection connection = this.pool.getConnection();
				PreparedStatement enqueue = connection.prepareStatement(this.dialect.enqueue())) {
			bindEnqueued(enqueue, Long.toString(value));
			write(() -> RustShapedSession.messages(enqueue));
		}
	}

	@Override
	public void enqueueAll(List<Long> values) throws SQLException {
		try (Connection connection = this.pool.getConnection();
				PreparedStatement enqueueAll = connection.prepareStatement(this.dialect.enqueueAll());
				PreparedStatement enqueued = connection.prepareStatement(this.dialect.enqueued())) {
			bindEnqueued(enqueueAll, this.dialect.payloads(connection, values));
			List<Long> ids = write(() -> ids(enqueueAll));
			enqueued.setObject(1, this.dialect.ids(connection, ids));
			RustShapedSession.messages(enqueued);
		}
	}

	private void bindEnqueued(PreparedStatement statement, Object payload) throws SQLException {
		Object now = this.dialect.time(Instant.now());
		statement.setObject(1, payload);
		statement.setObject(2, now);
		statement.setObject(3, now);
		statement.setLong(4, PRODUCER);
	}

	private static List<Long> ids(PreparedStatement enqueueAll) throws SQLException {
		try (ResultSet rs = enqueueAll.executeQuery()) {
			List<Long> ids = new ArrayList<>();
			while (rs.next()) {
				ids.add(rs.getLong(1));
			}
			return ids;
		}
	}

	private <T> T write(Write<T> write) throws SQLException {
		if (this.writer == null) {
			return write.execute();
		}
		this.writer.lock();
		try {
			return write.execute();
		}
		finally {
			this.writer.unlock();
		}
	}

	@Override
	public void consume(LongConsumer handler) {
		for (int consumer = 1; consumer <= this.settings.consumers(); consumer++) {
			int number = consumer;
			this.threads.execute(() -> consume(number, handler));
		}
	}

	private void consume(int consumer, LongConsumer handler) {
		try (RustShapedSession session = session(consumer)) {
			while (this.closed.getCount() > 0) {
				List<Message> messages = session.claim(this.settings.batch());
				messages.forEach((message) -> handler.accept(message.value()));
				if (messages.isEmpty()) {
					this.closed.await(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
				}
				else {
					session.archive(messages);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (SQLException | RuntimeException ex) {
			this.failure.compareAndSet(null, ex);
		}
	}

	/**
	 * A session of its own for a consumer.
	 * @param consumer from 1
	 */
	RustShapedSession session(int consumer) throws SQLException {
		return new RustShapedSession(this.dialect, this::write, consumer, this.pool.getConnection());
	}

	@Override
	public boolean isDrained() {
		checkConsumers();
		return this.jdbc.sql(DRAINED).query(Boolean.class).single();
	}

	private void checkConsumers() {
		Throwable failure = this.failure.get();
		if (failure != null) {
			throw new IllegalStateException("A consumer has failed", failure);
		}
	}

	@Override
	public void close() throws InterruptedException {
		this.closed.countDown();
		this.threads.shutdown();
		boolean ended = this.threads.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
		this.pool.close();
		if (!ended) {
			throw new IllegalStateException("The consumers have not ended within " + CLOSE_LIMIT);
		}
		checkConsumers();
	}

}
