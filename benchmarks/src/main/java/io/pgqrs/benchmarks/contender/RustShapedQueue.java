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
import io.pgqrs.benchmarks.database.Database;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The queue of {@link RustShaped}: each consumer is a worker with a thread and a
 * connection of its own.
 */
final class RustShapedQueue implements JobQueue {

	private static final Duration LEASE = Duration.ofMinutes(5);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

	private static final int MAX_DELIVERIES = 5;

	private static final long PRODUCER = 0;

	private static final String READY = "ready";

	private static final String WORKER = "INSERT INTO rust_shaped_workers (id, status) VALUES (:id, :status)";

	// Served by the primary key.
	private static final String STATUS = "SELECT status FROM rust_shaped_workers WHERE id = ?";

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

	RustShapedQueue(RustShapedDialect dialect, Database database, QueueSettings settings) {
		this.dialect = dialect;
		this.settings = settings;
		// The consumers keep theirs.
		this.pool = database.pool(Math.max(settings.poolSize(), settings.consumers() + 1));
		this.jdbc = JdbcClient.create(this.pool);
		this.threads = Executors.newFixedThreadPool(settings.consumers());
		this.writer = database.isPostgres() ? null : new ReentrantLock(true);
		for (long id = PRODUCER; id <= settings.consumers(); id++) {
			this.jdbc.sql(WORKER).param("id", id).param("status", READY).update();
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
			read(enqueue, true);
		}
	}

	@Override
	public void enqueueAll(List<Long> values) throws SQLException {
		try (Connection connection = this.pool.getConnection();
				PreparedStatement enqueueAll = connection.prepareStatement(this.dialect.enqueueAll());
				PreparedStatement enqueued = connection.prepareStatement(this.dialect.enqueued())) {
			bindEnqueued(enqueueAll, this.dialect.payloads(connection, values));
			List<Long> ids = ids(enqueueAll);
			enqueued.setObject(1, this.dialect.ids(connection, ids));
			read(enqueued, false);
		}
	}

	private void bindEnqueued(PreparedStatement statement, Object payload) throws SQLException {
		Object now = this.dialect.time(Instant.now());
		statement.setObject(1, payload);
		statement.setObject(2, now);
		statement.setObject(3, now);
		statement.setLong(4, PRODUCER);
	}

	private List<Long> ids(PreparedStatement enqueueAll) throws SQLException {
		lock();
		try (ResultSet rs = enqueueAll.executeQuery()) {
			List<Long> ids = new ArrayList<>();
			while (rs.next()) {
				ids.add(rs.getLong(1));
			}
			return ids;
		}
		finally {
			unlock();
		}
	}

	@Override
	public void consume(LongConsumer handler) {
		for (long worker = PRODUCER + 1; worker <= this.settings.consumers(); worker++) {
			long id = worker;
			this.threads.execute(() -> consume(id, handler));
		}
	}

	private void consume(long worker, LongConsumer handler) {
		try (Connection connection = this.pool.getConnection();
				PreparedStatement status = connection.prepareStatement(STATUS);
				PreparedStatement claim = connection.prepareStatement(this.dialect.claim());
				PreparedStatement archive = connection.prepareStatement(this.dialect.archive())) {
			while (this.closed.getCount() > 0 && isReady(status, worker)) {
				List<Message> messages = claim(claim, worker);
				messages.forEach((message) -> handler.accept(message.value()));
				if (messages.isEmpty()) {
					this.closed.await(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
				}
				else {
					archive(archive, worker, this.dialect.ids(connection, messages.stream().map(Message::id).toList()));
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

	private boolean isReady(PreparedStatement status, long worker) throws SQLException {
		status.setLong(1, worker);
		try (ResultSet rs = status.executeQuery()) {
			return rs.next() && READY.equals(rs.getString(1));
		}
	}

	private List<Message> claim(PreparedStatement claim, long worker) throws SQLException {
		Instant now = Instant.now();
		claim.setObject(1, this.dialect.time(now.plus(LEASE)));
		claim.setObject(2, this.dialect.time(now));
		claim.setLong(3, worker);
		claim.setObject(4, this.dialect.time(now));
		claim.setInt(5, MAX_DELIVERIES);
		claim.setInt(6, this.settings.batch());
		return read(claim, true);
	}

	private void archive(PreparedStatement archive, long worker, Object ids) throws SQLException {
		archive.setObject(1, this.dialect.time(Instant.now()));
		archive.setObject(2, ids);
		archive.setLong(3, worker);
		lock();
		try {
			archive.executeUpdate();
		}
		finally {
			unlock();
		}
	}

	private List<Message> read(PreparedStatement statement, boolean writes) throws SQLException {
		if (writes) {
			lock();
		}
		try (ResultSet rs = statement.executeQuery()) {
			List<Message> messages = new ArrayList<>();
			while (rs.next()) {
				messages.add(new Message(rs.getLong("id"), Long.parseLong(rs.getString("payload"))));
			}
			return messages;
		}
		finally {
			if (writes) {
				unlock();
			}
		}
	}

	private void lock() {
		if (this.writer != null) {
			this.writer.lock();
		}
	}

	private void unlock() {
		if (this.writer != null) {
			this.writer.unlock();
		}
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

	private record Message(long id, long value) {
	}

}
