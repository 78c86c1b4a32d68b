package io.pgqrs.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

import io.pgqrs.store.DeadLetterRecord;
import io.pgqrs.store.DeadLetterStore;
import io.pgqrs.support.Batches;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Dead letters in PostgreSQL. */
final class PostgresDeadLetterStore implements DeadLetterStore {

	// pgqrs_dead_letters_queue (queue_id, died_at, id), read backwards.
	private static final String FIND = """
			SELECT d.* FROM pgqrs_dead_letters d
			WHERE d.queue_id = (SELECT id FROM pgqrs_queues WHERE name = :queue)
				AND (d.died_at, d.id) < (coalesce(CAST(:diedAt AS timestamptz), 'infinity'), :id)
			ORDER BY d.died_at DESC, d.id DESC
			LIMIT :limit""";

	// Inserts first and deletes what was inserted: a letter whose deduplication key is
	// taken stays.
	private static final String REPLAY = """
			WITH letter AS MATERIALIZED (
				SELECT * FROM pgqrs_dead_letters WHERE id = :id FOR UPDATE),
			back AS (
				INSERT INTO pgqrs_messages (id, visible_at, enqueued_at, queue_id, priority, delivery_count,
					deduplication_key, headers, payload)
				SELECT id, statement_timestamp(), enqueued_at, queue_id, priority, delivery_count, deduplication_key,
					headers, payload
				FROM letter
				ON CONFLICT DO NOTHING
				RETURNING id, queue_id),
			gone AS (
				DELETE FROM pgqrs_dead_letters d USING back WHERE d.id = back.id)
			SELECT q.name FROM back JOIN pgqrs_queues q ON q.id = back.queue_id""";

	private static final String NOW = """
			SELECT CAST(statement_timestamp() AS text)""";

	// The same index, forwards. Goes on behind the last letter it looked at, so that
	// those
	// that stay are looked at once, and no further than those that were there at the
	// beginning: a replayed message may die again at once.
	private static final String REPLAY_BATCH = """
			WITH letter AS MATERIALIZED (
				SELECT * FROM pgqrs_dead_letters
				WHERE queue_id = (SELECT id FROM pgqrs_queues WHERE name = :queue)
					AND (died_at, id) > (CAST(:diedAt AS timestamptz), :id)
					AND died_at <= CAST(:until AS timestamptz)
				ORDER BY died_at, id LIMIT :limit
				FOR UPDATE),
			back AS (
				INSERT INTO pgqrs_messages (id, visible_at, enqueued_at, queue_id, priority, delivery_count,
					deduplication_key, headers, payload)
				SELECT id, statement_timestamp(), enqueued_at, queue_id, priority, delivery_count, deduplication_key,
					headers, payload
				FROM letter ORDER BY id
				ON CONFLICT DO NOTHING
				RETURNING id),
			gone AS (
				DELETE FROM pgqrs_dead_letters d USING back WHERE d.id = back.id)
			SELECT CAST(died_at AS text) AS died_at, id, (SELECT count(*) FROM back) AS replayed
			FROM letter ORDER BY letter.died_at DESC, letter.id DESC LIMIT 1""";

	// Passes over what is gone when it gets there: a batch falls short only at the end.
	private static final String PURGE = """
			WITH batch AS MATERIALIZED (
				SELECT d.id FROM pgqrs_dead_letters d
				WHERE d.queue_id = (SELECT id FROM pgqrs_queues WHERE name = :queue)
				LIMIT :limit
				FOR UPDATE)
			DELETE FROM pgqrs_dead_letters d USING batch WHERE d.id = batch.id""";

	private static final int REPLAY_SIZE = 5_000;

	private final JdbcClient jdbc;

	private final PostgresSchema schema;

	PostgresDeadLetterStore(JdbcClient jdbc, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.schema = schema;
	}

	@Override
	public List<DeadLetterRecord> find(String queue, int limit, @Nullable Position behind) {
		return sql(FIND).param("queue", queue)
			.param("diedAt", (behind != null) ? OffsetDateTime.ofInstant(behind.diedAt(), ZoneOffset.UTC) : null,
					Types.TIMESTAMP_WITH_TIMEZONE)
			.param("id", (behind != null) ? behind.id() : 0)
			.param("limit", limit)
			.query(PostgresDeadLetterStore::deadLetter)
			.list();
	}

	private static DeadLetterRecord deadLetter(ResultSet rs, int index) throws SQLException {
		return new DeadLetterRecord(rs.getLong("id"), rs.getString("payload"), rs.getString("headers"),
				rs.getInt("priority"), rs.getInt("attempts"), rs.getString("error"),
				rs.getObject("enqueued_at", OffsetDateTime.class).toInstant(),
				rs.getObject("died_at", OffsetDateTime.class).toInstant());
	}

	@Override
	public @Nullable String replay(long id) {
		return sql(REPLAY).param("id", id).query(String.class).optional().orElse(null);
	}

	@Override
	public int replayAll(String queue) {
		String until = sql(NOW).query(String.class).single();
		int total = 0;
		Replayed batch = new Replayed("-infinity", 0, 0);
		while (batch != null) {
			total += batch.count();
			batch = replayBatch(queue, batch, until);
		}
		return total;
	}

	private @Nullable Replayed replayBatch(String queue, Replayed last, String until) {
		return sql(REPLAY_BATCH).param("queue", queue)
			.param("diedAt", last.diedAt())
			.param("id", last.id())
			.param("until", until)
			.param("limit", REPLAY_SIZE)
			.query((rs, index) -> new Replayed(rs.getString("died_at"), rs.getLong("id"), rs.getInt("replayed")))
			.optional()
			.orElse(null);
	}

	@Override
	public int purge(String queue) {
		return Batches.untilDone((limit) -> sql(PURGE).param("queue", queue).param("limit", limit).update());
	}

	private JdbcClient.StatementSpec sql(String sql) {
		return this.jdbc.sql(this.schema.qualify(sql));
	}

	/**
	 * A batch that was looked at.
	 *
	 * @param diedAt where its last letter stands in the index, as PostgreSQL writes it
	 * @param id the same
	 * @param count how many were put back
	 */
	private record Replayed(String diedAt, long id, int count) {
	}

}
