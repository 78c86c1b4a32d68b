package io.pgqrs.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;

import io.pgqrs.store.QueueCounts;
import io.pgqrs.store.QueueRecord;
import io.pgqrs.store.QueueSettings;
import io.pgqrs.store.QueueStore;
import io.pgqrs.store.jdbc.QueueRows;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.support.Batches;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Queues in SQLite. */
final class SqliteQueueStore implements QueueStore {

	private static final String FIND = """
			SELECT * FROM pgqrs_queues WHERE name = :name""";

	private static final String FIND_ALL = """
			SELECT * FROM pgqrs_queues ORDER BY name""";

	private static final String CREATE = """
			INSERT INTO pgqrs_queues (name, visibility_timeout_ms, max_attempts, backoff_initial_ms, backoff_multiplier,
				backoff_max_ms, archive_on_success, archive_retention_ms, dead_letter_retention_ms, created_at)
			VALUES (:name, :visibilityTimeout, :maxAttempts, :initialBackoff, :backoffMultiplier, :maxBackoff,
				:archiveOnSuccess, :archiveRetention, :deadLetterRetention,
				CAST(unixepoch('subsec') * 1000 AS INTEGER))
			ON CONFLICT (name) DO NOTHING""";

	private static final String SAVE = """
			INSERT INTO pgqrs_queues (name, visibility_timeout_ms, max_attempts, backoff_initial_ms, backoff_multiplier,
				backoff_max_ms, archive_on_success, archive_retention_ms, dead_letter_retention_ms, created_at)
			VALUES (:name, :visibilityTimeout, :maxAttempts, :initialBackoff, :backoffMultiplier, :maxBackoff,
				:archiveOnSuccess, :archiveRetention, :deadLetterRetention,
				CAST(unixepoch('subsec') * 1000 AS INTEGER))
			ON CONFLICT (name) DO UPDATE SET visibility_timeout_ms = excluded.visibility_timeout_ms,
				max_attempts = excluded.max_attempts, backoff_initial_ms = excluded.backoff_initial_ms,
				backoff_multiplier = excluded.backoff_multiplier, backoff_max_ms = excluded.backoff_max_ms,
				archive_on_success = excluded.archive_on_success,
				archive_retention_ms = excluded.archive_retention_ms,
				dead_letter_retention_ms = excluded.dead_letter_retention_ms""";

	private static final String SET_PAUSED = """
			UPDATE pgqrs_queues SET paused = :paused WHERE name = :name""";

	private static final String DELETE_ARCHIVE = """
			DELETE FROM pgqrs_archive WHERE queue_id = :queue""";

	// Nobody enqueues meanwhile: the write lock is ours since the transaction began.
	private static final String DELETE = """
			DELETE FROM pgqrs_queues
			WHERE id = :queue
				AND NOT EXISTS (SELECT 1 FROM pgqrs_messages m WHERE m.queue_id = pgqrs_queues.id)
				AND NOT EXISTS (SELECT 1 FROM pgqrs_dead_letters d WHERE d.queue_id = pgqrs_queues.id)""";

	private static final String PURGE = """
			DELETE FROM pgqrs_messages WHERE id IN (
				SELECT m.id FROM pgqrs_messages m
				WHERE m.queue_id = (SELECT id FROM pgqrs_queues WHERE name = :name)
				LIMIT :limit)""";

	// Each figure reads a range of pgqrs_messages_claim, level by level, and no further
	// than the limit. Leases end soon and so stand before what is delayed for long: they
	// are seen although the range is cut off.
	private static final String COUNTS = """
			WITH RECURSIVE level(queue_id, priority) AS (
				SELECT q.id, (SELECT m.priority FROM pgqrs_messages m WHERE m.queue_id = q.id
					ORDER BY m.priority DESC LIMIT 1)
				FROM pgqrs_queues q WHERE :name IS NULL OR q.name = :name
				UNION ALL
				SELECT level.queue_id, (SELECT m.priority FROM pgqrs_messages m
					WHERE m.queue_id = level.queue_id AND m.priority < level.priority
					ORDER BY m.priority DESC LIMIT 1)
				FROM level WHERE level.priority IS NOT NULL)
			SELECT q.name, q.paused,
				(SELECT count(*) FROM (
					SELECT 1 FROM level CROSS JOIN pgqrs_messages m INDEXED BY pgqrs_messages_claim
					WHERE level.queue_id = q.id AND m.queue_id = q.id AND m.priority = level.priority
						AND m.visible_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER)
					LIMIT :limit)) AS ready,
				min(:limit, coalesce((SELECT sum((SELECT count(*) - count(later.worker_id) FROM (
					SELECT m.worker_id FROM pgqrs_messages m
					WHERE m.queue_id = q.id AND m.priority = level.priority
						AND m.visible_at > CAST(unixepoch('subsec') * 1000 AS INTEGER)
					ORDER BY m.visible_at
					LIMIT 2 * :limit) AS later)) FROM level WHERE level.queue_id = q.id), 0)) AS delayed,
				min(:limit, coalesce((SELECT sum((SELECT count(later.worker_id) FROM (
					SELECT m.worker_id FROM pgqrs_messages m
					WHERE m.queue_id = q.id AND m.priority = level.priority
						AND m.visible_at > CAST(unixepoch('subsec') * 1000 AS INTEGER)
					ORDER BY m.visible_at
					LIMIT 2 * :limit) AS later)) FROM level WHERE level.queue_id = q.id), 0)) AS in_flight,
				(SELECT count(*) FROM (
					SELECT 1 FROM pgqrs_archive a WHERE a.queue_id = q.id LIMIT :limit)) AS archived,
				(SELECT count(*) FROM (
					SELECT 1 FROM pgqrs_dead_letters d WHERE d.queue_id = q.id LIMIT :limit)) AS dead,
				CAST(unixepoch('subsec') * 1000 AS INTEGER) - (
					SELECT min(oldest.visible_at) FROM (
						SELECT (SELECT m.visible_at FROM pgqrs_messages m
							WHERE m.queue_id = q.id AND m.priority = level.priority
							ORDER BY m.visible_at LIMIT 1) AS visible_at
						FROM level WHERE level.queue_id = q.id) AS oldest
					WHERE oldest.visible_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER)) AS oldest_ms
			FROM pgqrs_queues q
			WHERE :name IS NULL OR q.name = :name
			ORDER BY q.name""";

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	SqliteQueueStore(JdbcClient jdbc, StoreTransactions transactions) {
		this.jdbc = jdbc;
		this.transactions = transactions;
	}

	@Override
	public @Nullable QueueRecord find(String name) {
		return this.jdbc.sql(FIND).param("name", name).query(SqliteQueueStore::queue).optional().orElse(null);
	}

	@Override
	public List<QueueRecord> findAll() {
		return this.jdbc.sql(FIND_ALL).query(SqliteQueueStore::queue).list();
	}

	private static QueueRecord queue(ResultSet rs, int index) throws SQLException {
		return QueueRows.queue(rs, Instant.ofEpochMilli(rs.getLong("created_at")));
	}

	@Override
	public boolean create(String name, QueueSettings settings) {
		return this.transactions
			.execute(() -> this.jdbc.sql(CREATE).param("name", name).params(QueueRows.params(settings)).update()) == 1;
	}

	@Override
	public void save(String name, QueueSettings settings) {
		this.transactions
			.execute(() -> this.jdbc.sql(SAVE).param("name", name).params(QueueRows.params(settings)).update());
	}

	@Override
	public Deletion delete(String name) {
		return this.transactions.execute(() -> {
			QueueRecord queue = find(name);
			if (queue == null) {
				return Deletion.NOT_FOUND;
			}
			if (this.jdbc.sql(DELETE).param("queue", queue.id()).update() == 0) {
				return Deletion.NOT_EMPTY;
			}
			this.jdbc.sql(DELETE_ARCHIVE).param("queue", queue.id()).update();
			return Deletion.DELETED;
		});
	}

	@Override
	public boolean setPaused(String name, boolean paused) {
		return this.transactions
			.execute(() -> this.jdbc.sql(SET_PAUSED).param("paused", paused).param("name", name).update()) == 1;
	}

	@Override
	public int purge(String name) {
		return Batches.untilDone((limit) -> this.transactions
			.execute(() -> this.jdbc.sql(PURGE).param("name", name).param("limit", limit).update()));
	}

	@Override
	public List<QueueCounts> counts(@Nullable String name, int limit) {
		return this.jdbc.sql(COUNTS)
			.param("limit", limit)
			.param("name", name, Types.VARCHAR)
			.query(QueueRows::counts)
			.list();
	}

}
