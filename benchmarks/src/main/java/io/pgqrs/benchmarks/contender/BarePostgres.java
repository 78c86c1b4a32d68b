package io.pgqrs.benchmarks.contender;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** The shortest statements on PostgreSQL. */
final class BarePostgres implements BareStatements {

	private static final String FILL = """
			INSERT INTO pgqrs.pgqrs_messages (queue_id, visible_at, payload)
			SELECT 1, now() - (? - i) * interval '1 microsecond', to_jsonb(i) FROM generate_series(0, ? - 1) AS i""";

	private static final String ENQUEUE = """
			INSERT INTO pgqrs.pgqrs_messages (queue_id, visible_at, payload)
			SELECT 1, now(), CAST(payload AS jsonb) FROM unnest(?) AS payload
			RETURNING id""";

	// A lost claim is a redelivery, so it does not wait for the disk. With the limit as a
	// parameter it would be planned each time.
	private static final String CLAIM = """
			WITH due AS MATERIALIZED (
				SELECT id, visible_at, set_config('synchronous_commit', 'off', true) FROM pgqrs.pgqrs_messages
				WHERE queue_id = 1 AND priority = 0 AND (visible_at, id) > (?, ?) AND visible_at <= now()
				ORDER BY visible_at, id
				LIMIT %d
				FOR UPDATE SKIP LOCKED)
			UPDATE pgqrs.pgqrs_messages m
			SET visible_at = now() + interval '30 seconds', delivery_count = m.delivery_count + 1,
				attempts = m.attempts + 1, worker_id = 0
			FROM due WHERE m.id = due.id
			RETURNING m.id, m.delivery_count, m.payload, due.visible_at""";

	private static final String DELETE = """
			DELETE FROM pgqrs.pgqrs_messages m USING unnest(?, ?) AS held(id, delivery_count)
			WHERE m.id = held.id AND m.delivery_count = held.delivery_count
			RETURNING m.id""";

	private static final String ARCHIVE = """
			WITH done AS (
				DELETE FROM pgqrs.pgqrs_messages m USING unnest(?, ?) AS held(id, delivery_count)
				WHERE m.id = held.id AND m.delivery_count = held.delivery_count
				RETURNING m.*)
			INSERT INTO pgqrs.pgqrs_archive (id, enqueued_at, queue_id, priority, attempts, headers, payload)
			SELECT id, enqueued_at, queue_id, priority, attempts, headers, payload FROM done
			RETURNING id""";

	private final boolean archive;

	BarePostgres(boolean archive) {
		this.archive = archive;
	}

	@Override
	public void fill(Connection connection, int messages) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(FILL)) {
			statement.setInt(1, messages);
			statement.setInt(2, messages);
			statement.executeUpdate();
		}
	}

	@Override
	public void enqueue(Connection connection, List<Long> values) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(ENQUEUE)) {
			statement.setArray(1,
					connection.createArrayOf("text", values.stream().map(String::valueOf).toArray(String[]::new)));
			try (ResultSet ids = statement.executeQuery()) {
				while (ids.next()) {
					ids.getLong(1);
				}
			}
		}
	}

	@Override
	public Session session(Connection connection, int batch) throws SQLException {
		return new PostgresSession(connection, batch, this.archive ? ARCHIVE : DELETE);
	}

	private static final class PostgresSession implements Session {

		private final Connection connection;

		private final PreparedStatement claim;

		private final PreparedStatement complete;

		/** The last message that was claimed; claims go on after it. */
		private OffsetDateTime dueAt = OffsetDateTime.MIN;

		private long id;

		PostgresSession(Connection connection, int batch, String complete) throws SQLException {
			this.connection = connection;
			this.claim = connection.prepareStatement(CLAIM.formatted(batch));
			this.complete = connection.prepareStatement(complete);
		}

		@Override
		public List<Claimed> claim() throws SQLException {
			this.claim.setObject(1, this.dueAt);
			this.claim.setLong(2, this.id);
			List<Claimed> claimed = new ArrayList<>();
			try (ResultSet rows = this.claim.executeQuery()) {
				while (rows.next()) {
					claimed.add(new Claimed(rows.getLong(1), rows.getInt(2), Long.parseLong(rows.getString(3))));
					advance(rows.getObject(4, OffsetDateTime.class), rows.getLong(1));
				}
			}
			if (claimed.isEmpty()) {
				this.dueAt = OffsetDateTime.MIN;
				this.id = 0;
			}
			return claimed;
		}

		private void advance(OffsetDateTime dueAt, long id) {
			int order = dueAt.compareTo(this.dueAt);
			if (order > 0 || (order == 0 && id > this.id)) {
				this.dueAt = dueAt;
				this.id = id;
			}
		}

		@Override
		public void complete(List<Claimed> messages) throws SQLException {
			this.complete.setArray(1,
					this.connection.createArrayOf("bigint", messages.stream().map(Claimed::id).toArray()));
			this.complete.setArray(2,
					this.connection.createArrayOf("int", messages.stream().map(Claimed::deliveryCount).toArray()));
			try (ResultSet completed = this.complete.executeQuery()) {
				while (completed.next()) {
					completed.getLong(1);
				}
			}
		}

		@Override
		public void close() throws SQLException {
			this.claim.close();
			this.complete.close();
		}

	}

}
