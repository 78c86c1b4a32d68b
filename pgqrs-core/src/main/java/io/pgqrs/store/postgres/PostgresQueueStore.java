package io.pgqrs.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.List;

import io.pgqrs.store.QueueCounts;
import io.pgqrs.store.QueueRecord;
import io.pgqrs.store.QueueSettings;
import io.pgqrs.store.QueueStore;
import io.pgqrs.store.jdbc.QueueRows;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.support.Batches;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.ConcurrentLruCache;

/** Queues in PostgreSQL. */
final class PostgresQueueStore implements QueueStore {

	private static final String FIND = """
			SELECT * FROM pgqrs_queues WHERE name = :name""";

	private static final String FIND_ALL = """
			SELECT * FROM pgqrs_queues ORDER BY name""";

	private static final String CREATE = """
			INSERT INTO pgqrs_queues (name, visibility_timeout_ms, max_attempts, backoff_initial_ms, backoff_multiplier,
				backoff_max_ms, archive_on_success, archive_retention_ms, dead_letter_retention_ms)
			VALUES (:name, :visibilityTimeout, :maxAttempts, :initialBackoff, :backoffMultiplier, :maxBackoff,
				:archiveOnSuccess, :archiveRetention, :deadLetterRetention)
			ON CONFLICT (name) DO NOTHING""";

	private static final String SAVE = """
			INSERT INTO pgqrs_queues AS q (name, visibility_timeout_ms, max_attempts, backoff_initial_ms,
				backoff_multiplier, backoff_max_ms, archive_on_success, archive_retention_ms, dead_letter_retention_ms)
			VALUES (:name, :visibilityTimeout, :maxAttempts, :initialBackoff, :backoffMultiplier, :maxBackoff,
				:archiveOnSuccess, :archiveRetention, :deadLetterRetention)
			ON CONFLICT (name) DO UPDATE SET visibility_timeout_ms = excluded.visibility_timeout_ms,
				max_attempts = excluded.max_attempts, backoff_initial_ms = excluded.backoff_initial_ms,
				backoff_multiplier = excluded.backoff_multiplier, backoff_max_ms = excluded.backoff_max_ms,
				archive_on_success = excluded.archive_on_success,
				archive_retention_ms = excluded.archive_retention_ms,
				dead_letter_retention_ms = excluded.dead_letter_retention_ms
			WHERE (q.visibility_timeout_ms, q.max_attempts, q.backoff_initial_ms, q.backoff_multiplier, q.backoff_max_ms,
				q.archive_on_success, q.archive_retention_ms, q.dead_letter_retention_ms)
				IS DISTINCT FROM (excluded.visibility_timeout_ms, excluded.max_attempts, excluded.backoff_initial_ms,
				excluded.backoff_multiplier, excluded.backoff_max_ms, excluded.archive_on_success,
				excluded.archive_retention_ms, excluded.dead_letter_retention_ms)""";

	private static final String SET_PAUSED = """
			UPDATE pgqrs_queues SET paused = :paused WHERE name = :name""";

	private static final String ISOLATION = """
			SELECT current_setting('transaction_isolation')""";

	private static final String LOCK_TIMEOUT = """
			SELECT current_setting('lock_timeout')""";

	private static final String SET_LOCK_TIMEOUT = """
			SELECT set_config('lock_timeout', :timeout, true)""";

	// Waits for transactions that have enqueued anything, and keeps new ones out until
	// the
	// queue is gone: an enqueue takes its snapshot after this lock, and then finds no
	// queue. Gives up rather than hold up others.
	private static final String LOCK = """
			LOCK TABLE pgqrs_messages IN SHARE MODE""";

	private static final String DELETE_ARCHIVE = """
			DELETE FROM pgqrs_archive WHERE queue_id = :queue""";

	private static final String DELETE = """
			DELETE FROM pgqrs_queues q
			WHERE q.id = :queue AND NOT EXISTS (SELECT 1 FROM pgqrs_messages m WHERE m.queue_id = q.id)
				AND NOT EXISTS (SELECT 1 FROM pgqrs_dead_letters d WHERE d.queue_id = q.id)""";

	// Waits for who holds a message, and passes over what is gone then: a batch falls
	// short only at the end.
	private static final String PURGE = """
			WITH batch AS MATERIALIZED (
				SELECT m.id FROM pgqrs_messages m
				WHERE m.queue_id = (SELECT id FROM pgqrs_queues WHERE name = :name)
				LIMIT :limit
				FOR UPDATE)
			DELETE FROM pgqrs_messages m USING batch WHERE m.id = batch.id""";

	// Each figure reads a range of pgqrs_messages_claim, level by level, or of
	// pgqrs_archive_retention or pgqrs_dead_letters_queue, and no further than the limit.
	// Leases end soon and so stand before what is delayed for long: they are seen
	// although the range is cut off. All is ordered, for otherwise the planner searches
	// the whole table for the rows of a queue, which may have none. The limit is no
	// parameter: a generic plan takes an unknown one for a tenth of the rows, and sorts.
	private static final String COUNTS = """
			SELECT q.name, q.paused, ready.count AS ready, least(later.delayed, :limit) AS delayed,
				least(later.in_flight, :limit) AS in_flight, archive.count AS archived, dead.count AS dead,
				CAST(1000 * extract(epoch FROM statement_timestamp() - oldest.visible_at) AS bigint) AS oldest_ms
			FROM pgqrs_queues q
			CROSS JOIN LATERAL (
				WITH RECURSIVE found AS (
					(SELECT priority FROM pgqrs_messages WHERE queue_id = q.id ORDER BY priority DESC LIMIT 1)
					UNION ALL
					SELECT (SELECT m.priority FROM pgqrs_messages m
						WHERE m.queue_id = q.id AND m.priority < found.priority ORDER BY m.priority DESC LIMIT 1)
					FROM found WHERE found.priority IS NOT NULL)
				SELECT array_agg(priority) AS priorities FROM found WHERE priority IS NOT NULL) AS levels
			CROSS JOIN LATERAL (
				SELECT count(*) FROM (
					SELECT 1 FROM unnest(levels.priorities) AS level(priority) CROSS JOIN LATERAL (
						SELECT visible_at FROM pgqrs_messages
						WHERE queue_id = q.id AND priority = level.priority AND visible_at <= statement_timestamp()
						ORDER BY visible_at
						LIMIT :limit) m
					LIMIT :limit) AS capped) AS ready
			CROSS JOIN LATERAL (
				SELECT min(first.visible_at) AS visible_at
				FROM unnest(levels.priorities) AS level(priority) CROSS JOIN LATERAL (
					SELECT visible_at FROM pgqrs_messages
					WHERE queue_id = q.id AND priority = level.priority AND visible_at <= statement_timestamp()
					ORDER BY visible_at
					LIMIT 1) AS first) AS oldest
			CROSS JOIN LATERAL (
				SELECT count(*) FILTER (WHERE worker_id IS NULL) AS delayed,
					count(*) FILTER (WHERE worker_id IS NOT NULL) AS in_flight
				FROM unnest(levels.priorities) AS level(priority) CROSS JOIN LATERAL (
					SELECT worker_id FROM pgqrs_messages
					WHERE queue_id = q.id AND priority = level.priority AND visible_at > statement_timestamp()
					ORDER BY visible_at
					LIMIT CAST(2 AS bigint) * :limit) m) AS later
			CROSS JOIN LATERAL (
				SELECT count(*) FROM (
					SELECT 1 FROM pgqrs_archive WHERE queue_id = q.id ORDER BY archived_at LIMIT :limit) AS capped) AS archive
			CROSS JOIN LATERAL (
				SELECT count(*) FROM (
					SELECT 1 FROM pgqrs_dead_letters WHERE queue_id = q.id ORDER BY died_at LIMIT :limit) AS capped) AS dead
			WHERE CAST(:name AS text) IS NULL OR q.name = :name
			ORDER BY q.name""";

	/** For transactions that have enqueued something and do not end. */
	private static final String MAX_WAIT = "5s";

	/** Limits of counts that are in use. */
	private static final int FEW = 8;

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	private final PostgresSchema schema;

	private final ConcurrentLruCache<Integer, String> counts = new ConcurrentLruCache<>(FEW, this::countsTo);

	PostgresQueueStore(JdbcClient jdbc, StoreTransactions transactions, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.schema = schema;
	}

	@Override
	public @Nullable QueueRecord find(String name) {
		return sql(FIND).param("name", name).query(PostgresQueueStore::queue).optional().orElse(null);
	}

	@Override
	public List<QueueRecord> findAll() {
		return sql(FIND_ALL).query(PostgresQueueStore::queue).list();
	}

	private static QueueRecord queue(ResultSet rs, int index) throws SQLException {
		return QueueRows.queue(rs, rs.getObject("created_at", OffsetDateTime.class).toInstant());
	}

	@Override
	public boolean create(String name, QueueSettings settings) {
		return sql(CREATE).param("name", name).params(QueueRows.params(settings)).update() == 1;
	}

	@Override
	public void save(String name, QueueSettings settings) {
		sql(SAVE).param("name", name).params(QueueRows.params(settings)).update();
	}

	@Override
	public Deletion delete(String name) {
		return this.transactions.execute(() -> {
			QueueRecord queue = find(name);
			if (queue == null) {
				return Deletion.NOT_FOUND;
			}
			lockOutEnqueues(name);
			if (sql(DELETE).param("queue", queue.id()).update() == 0) {
				return Deletion.NOT_EMPTY;
			}
			sql(DELETE_ARCHIVE).param("queue", queue.id()).update();
			return Deletion.DELETED;
		});
	}

	private void lockOutEnqueues(String name) {
		if (!sql(ISOLATION).query(String.class).single().equals("read committed")) {
			throw new InvalidDataAccessApiUsageException("Queue '" + name
					+ "' cannot be deleted in a transaction that is "
					+ "not READ COMMITTED: it would not see messages that were enqueued since it began. Delete it outside");
		}
		String timeout = sql(LOCK_TIMEOUT).query(String.class).single();
		sql(SET_LOCK_TIMEOUT).param("timeout", MAX_WAIT).query(String.class).single();
		sql(LOCK).update();
		sql(SET_LOCK_TIMEOUT).param("timeout", timeout).query(String.class).single();
	}

	@Override
	public boolean setPaused(String name, boolean paused) {
		return sql(SET_PAUSED).param("paused", paused).param("name", name).update() == 1;
	}

	@Override
	public int purge(String name) {
		return Batches.untilDone((limit) -> sql(PURGE).param("name", name).param("limit", limit).update());
	}

	@Override
	public List<QueueCounts> counts(@Nullable String name, int limit) {
		return this.jdbc.sql(this.counts.get(limit)).param("name", name, Types.VARCHAR).query(QueueRows::counts).list();
	}

	private String countsTo(int limit) {
		return this.schema.qualify(COUNTS.replace(":limit", String.valueOf(limit)));
	}

	private JdbcClient.StatementSpec sql(String sql) {
		return this.jdbc.sql(this.schema.qualify(sql));
	}

}
