package io.pgqrs.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import io.pgqrs.store.DeadLetterRecord;
import io.pgqrs.store.DeadLetterStore;
import io.pgqrs.store.jdbc.IdRows;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.support.Batches;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Dead letters in SQLite. */
final class SqliteDeadLetterStore implements DeadLetterStore {

	// pgqrs_dead_letters_queue (queue_id, died_at, id), read backwards.
	private static final String FIND = """
			SELECT d.* FROM pgqrs_dead_letters d
			WHERE d.queue_id = (SELECT id FROM pgqrs_queues WHERE name = :queue)
				AND (d.died_at, d.id) < (:diedAt, :id)
			ORDER BY d.died_at DESC, d.id DESC
			LIMIT :limit""";

	private static final String FIND_QUEUE = """
			SELECT q.name FROM pgqrs_dead_letters d JOIN pgqrs_queues q ON q.id = d.queue_id
			WHERE d.id = :id""";

	private static final String NOW = """
			SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)""";

	// The same index, forwards. Goes on behind the last letter it looked at, so that
	// those
	// that stay are looked at once, and no further than those that were there at the
	// beginning: a replayed message may die again at once.
	private static final String FIND_NEXT = """
			SELECT d.id, d.died_at FROM pgqrs_dead_letters d
			WHERE d.queue_id = (SELECT id FROM pgqrs_queues WHERE name = :queue)
				AND (d.died_at, d.id) > (:diedAt, :id) AND d.died_at <= :until
			ORDER BY d.died_at, d.id
			LIMIT :limit""";

	// A letter whose deduplication key is taken stays.
	private static final String REPLAY = """
			INSERT INTO pgqrs_messages (id, visible_at, enqueued_at, queue_id, priority, delivery_count,
				deduplication_key, headers, payload)
			SELECT d.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), d.enqueued_at, d.queue_id, d.priority,
				d.delivery_count, d.deduplication_key, d.headers, d.payload
			FROM json_each(:ids) AS letter CROSS JOIN pgqrs_dead_letters d
			WHERE d.id = letter.value
			ON CONFLICT DO NOTHING
			RETURNING id""";

	private static final String DELETE = """
			DELETE FROM pgqrs_dead_letters WHERE id IN (SELECT value FROM json_each(:ids))""";

	private static final String PURGE = """
			DELETE FROM pgqrs_dead_letters WHERE id IN (
				SELECT d.id FROM pgqrs_dead_letters d
				WHERE d.queue_id = (SELECT id FROM pgqrs_queues WHERE name = :queue)
				LIMIT :limit)""";

	private static final int REPLAY_SIZE = 5_000;

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	SqliteDeadLetterStore(JdbcClient jdbc, StoreTransactions transactions) {
		this.jdbc = jdbc;
		this.transactions = transactions;
	}

	@Override
	public List<DeadLetterRecord> find(String queue, int limit, @Nullable Position behind) {
		return this.jdbc.sql(FIND)
			.param("queue", queue)
			.param("diedAt", (behind != null) ? behind.diedAt().toEpochMilli() : Long.MAX_VALUE)
			.param("id", (behind != null) ? behind.id() : 0)
			.param("limit", limit)
			.query(SqliteDeadLetterStore::deadLetter)
			.list();
	}

	private static DeadLetterRecord deadLetter(ResultSet rs, int index) throws SQLException {
		return new DeadLetterRecord(rs.getLong("id"), rs.getString("payload"), rs.getString("headers"),
				rs.getInt("priority"), rs.getInt("attempts"), rs.getString("error"),
				Instant.ofEpochMilli(rs.getLong("enqueued_at")), Instant.ofEpochMilli(rs.getLong("died_at")));
	}

	@Override
	public @Nullable String replay(long id) {
		return this.transactions.execute(() -> {
			String queue = this.jdbc.sql(FIND_QUEUE).param("id", id).query(String.class).optional().orElse(null);
			return (queue != null && replay(List.of(id)) == 1) ? queue : null;
		});
	}

	@Override
	public int replayAll(String queue) {
		long until = this.jdbc.sql(NOW).query(Long.class).single();
		int total = 0;
		Replayed batch = new Replayed(0, 0, 0);
		while (batch != null) {
			Replayed last = batch;
			total += last.count();
			batch = this.transactions.execute(() -> replayBatch(queue, last, until));
		}
		return total;
	}

	private @Nullable Replayed replayBatch(String queue, Replayed last, long until) {
		List<Letter> letters = this.jdbc.sql(FIND_NEXT)
			.param("queue", queue)
			.param("diedAt", last.diedAt())
			.param("id", last.id())
			.param("until", until)
			.param("limit", REPLAY_SIZE)
			.query((rs, index) -> new Letter(rs.getLong("died_at"), rs.getLong("id")))
			.list();
		if (letters.isEmpty()) {
			return null;
		}
		int count = replay(letters.stream().map(Letter::id).toList());
		Letter end = letters.get(letters.size() - 1);
		return new Replayed(end.diedAt(), end.id(), count);
	}

	private int replay(List<Long> ids) {
		List<Long> replayed = this.jdbc.sql(REPLAY).param("ids", PayloadJson.writePlain(ids)).query(IdRows::id).list();
		this.jdbc.sql(DELETE).param("ids", PayloadJson.writePlain(replayed)).update();
		return replayed.size();
	}

	@Override
	public int purge(String queue) {
		return Batches.untilDone((limit) -> this.transactions
			.execute(() -> this.jdbc.sql(PURGE).param("queue", queue).param("limit", limit).update()));
	}

	/** Where a letter stands in the index. */
	private record Letter(long diedAt, long id) {
	}

	/**
	 * A batch that was looked at.
	 *
	 * @param diedAt where its last letter stands in the index
	 * @param id the same
	 * @param count how many were put back
	 */
	private record Replayed(long diedAt, long id, int count) {
	}

}
