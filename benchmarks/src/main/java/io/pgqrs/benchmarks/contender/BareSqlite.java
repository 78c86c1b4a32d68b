package io.pgqrs.benchmarks.contender;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The shortest statements on SQLite. It has one writer at a time, so the loops take
 * turns.
 */
final class BareSqlite implements BareStatements {

	private static final String FILL = """
			WITH RECURSIVE series(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM series WHERE i + 1 < ?)
			INSERT INTO pgqrs_messages (queue_id, visible_at, enqueued_at, payload)
			SELECT 1, CAST(unixepoch('subsec') * 1000 AS INTEGER), CAST(unixepoch('subsec') * 1000 AS INTEGER), i
			FROM series""";

	private static final String ENQUEUE = """
			INSERT INTO pgqrs_messages (queue_id, visible_at, enqueued_at, payload)
			SELECT 1, CAST(unixepoch('subsec') * 1000 AS INTEGER), CAST(unixepoch('subsec') * 1000 AS INTEGER), value
			FROM json_each(?)
			RETURNING id""";

	// With the limit as a parameter it would be planned each time.
	private static final String CLAIM = """
			UPDATE pgqrs_messages
			SET visible_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) + 30000, delivery_count = delivery_count + 1,
				attempts = attempts + 1, worker_id = 0
			WHERE id IN (
				SELECT id FROM pgqrs_messages
				WHERE queue_id = 1 AND priority = 0 AND visible_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER)
				ORDER BY visible_at, id
				LIMIT %d)
			RETURNING id, delivery_count, payload""";

	private static final String DELETE = """
			DELETE FROM pgqrs_messages
			WHERE (id, delivery_count) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))
			RETURNING id""";

	// A trigger on the archive deletes the message.
	private static final String ARCHIVE = """
			INSERT INTO pgqrs_archive (id, archived_at, enqueued_at, queue_id, priority, attempts, headers, payload)
			SELECT m.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), m.enqueued_at, m.queue_id, m.priority, m.attempts,
				m.headers, m.payload
			FROM json_each(?) AS held CROSS JOIN pgqrs_messages m
			WHERE m.id = held.value ->> 0 AND m.delivery_count = held.value ->> 1
			RETURNING id""";

	private final boolean archive;

	private final ReentrantLock writer = new ReentrantLock();

	BareSqlite(boolean archive) {
		this.archive = archive;
	}

	private <T> T write(Connection connection, Write<T> write) throws SQLException {
		this.writer.lock();
		try {
			connection.setAutoCommit(false);
			try {
				return write.execute();
			}
			finally {
				// Not commit(): with that the driver begins the next transaction at once.
				connection.setAutoCommit(true);
			}
		}
		finally {
			this.writer.unlock();
		}
	}

	@Override
	public void fill(Connection connection, int messages) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(FILL)) {
			statement.setInt(1, messages);
			write(connection, statement::executeUpdate);
		}
	}

	@Override
	public void enqueue(Connection connection, List<Long> values) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(ENQUEUE)) {
			statement.setString(1, values.toString());
			write(connection, () -> readIds(statement));
		}
	}

	private static int readIds(PreparedStatement statement) throws SQLException {
		int count = 0;
		try (ResultSet ids = statement.executeQuery()) {
			while (ids.next()) {
				ids.getLong(1);
				count++;
			}
		}
		return count;
	}

	@Override
	public Session session(Connection connection, int batch) throws SQLException {
		return new SqliteSession(connection, batch);
	}

	/** Something to do between begin and commit. */
	private interface Write<T> {

		T execute() throws SQLException;

	}

	private final class SqliteSession implements Session {

		private final Connection connection;

		private final PreparedStatement claim;

		private final PreparedStatement complete;

		SqliteSession(Connection connection, int batch) throws SQLException {
			this.connection = connection;
			this.claim = connection.prepareStatement(CLAIM.formatted(batch));
			this.complete = connection.prepareStatement(BareSqlite.this.archive ? ARCHIVE : DELETE);
		}

		@Override
		public List<Claimed> claim() throws SQLException {
			return write(this.connection, () -> {
				List<Claimed> claimed = new ArrayList<>();
				try (ResultSet rows = this.claim.executeQuery()) {
					while (rows.next()) {
						claimed.add(new Claimed(rows.getLong(1), rows.getInt(2), Long.parseLong(rows.getString(3))));
					}
				}
				return claimed;
			});
		}

		@Override
		public void complete(List<Claimed> messages) throws SQLException {
			this.complete.setString(1,
					messages.stream()
						.map((message) -> "[" + message.id() + "," + message.deliveryCount() + "]")
						.collect(Collectors.joining(",", "[", "]")));
			write(this.connection, () -> readIds(this.complete));
		}

		@Override
		public void close() throws SQLException {
			this.claim.close();
			this.complete.close();
		}

	}

}
