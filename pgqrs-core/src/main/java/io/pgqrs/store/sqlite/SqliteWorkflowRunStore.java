package io.pgqrs.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.pgqrs.store.NewRun;
import io.pgqrs.store.RunCounts;
import io.pgqrs.store.RunFilter;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.StartedRun;
import io.pgqrs.store.StepRecord;
import io.pgqrs.store.WorkflowRunStore;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.store.jdbc.WorkflowRunRows;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs in SQLite. Triggers add the message of a run that starts or is retried, and delete
 * that of a run that ends.
 */
final class SqliteWorkflowRunStore implements WorkflowRunStore {

	// The id is the next one of a message. Nobody else draws it: the write lock is ours,
	// and the message that the trigger adds raises the sequence.
	// pgqrs_workflow_runs_key finds the earlier run of the key.
	private static final String START = """
			INSERT INTO pgqrs_workflow_runs (id, workflow, key, queue_id, priority, attempts, delivery_count, created_at,
				visible_at, started_at, timeout_ms, deadline_at, headers, input)
			SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'pgqrs_messages'), 0) + 1, :workflow, :key,
				start.queue_id, :priority, :lease IS NOT NULL, :lease IS NOT NULL, start.now,
				start.due_at + coalesce(:lease, 0), CASE WHEN :lease IS NOT NULL THEN start.now END,
				:timeout, start.due_at + :timeout, :headers, :input
			FROM (
				SELECT q.id AS queue_id, CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now,
					CASE WHEN :lease IS NULL
						THEN max(coalesce(:at, 0), CAST(unixepoch('subsec') * 1000 AS INTEGER) + :delay)
						ELSE CAST(unixepoch('subsec') * 1000 AS INTEGER) END AS due_at
				FROM pgqrs_queues q WHERE q.name = :queue) AS start
			WHERE true
			ON CONFLICT (workflow, key) WHERE key IS NOT NULL DO UPDATE SET starts = starts + 1
			RETURNING id, starts = 1 AS created, CASE WHEN starts = 1 THEN coalesce(input, 'null') END AS payload""";

	// pgqrs_workflow_runs_key.
	private static final String FIND_STARTED = """
			SELECT id, false AS created, NULL AS payload FROM pgqrs_workflow_runs
			WHERE workflow = :workflow AND key = :key""";

	// The primary key: by the id, or by that which pgqrs_workflow_runs_key leads to.
	private static final String FIND = """
			SELECT r.id, r.workflow, r.key, coalesce(m.attempts, r.attempts) AS attempts, r.priority,
				CASE
					WHEN m.id IS NULL OR r.status = 'CANCELLING' THEN r.status
					WHEN r.held THEN 'PAUSED'
					WHEN m.worker_id IS NULL THEN r.status
					WHEN m.visible_at > CAST(unixepoch('subsec') * 1000 AS INTEGER) THEN 'RUNNING'
					ELSE 'QUEUED' END AS status,
				r.input, r.output, r.error, r.created_at, coalesce(r.started_at, m.claimed_at) AS started_at,
				r.completed_at
			FROM pgqrs_workflow_runs r LEFT JOIN pgqrs_messages m ON m.id = r.id AND r.completed_at IS NULL
			WHERE r.id = coalesce(:id,
				(SELECT k.id FROM pgqrs_workflow_runs k WHERE k.workflow = :workflow AND k.key = :key))""";

	// Goes from run to run by descending id, as far as the limit: along the primary key,
	// or to the youngest of those that come next in pgqrs_workflow_runs_status (workflow,
	// status, id), which finds each workflow by one descent too. CROSS JOIN keeps that
	// order, and nothing is sorted. What a run that has not ended does now, its message
	// knows: all that are stored alike are looked at until there are enough.
	private static final String LIST = """
			WITH RECURSIVE found(workflow) AS (
				SELECT coalesce(:workflow, (SELECT min(r.workflow) FROM pgqrs_workflow_runs r))
				UNION ALL
				SELECT (SELECT min(r.workflow) FROM pgqrs_workflow_runs r WHERE r.workflow > found.workflow)
				FROM found WHERE found.workflow IS NOT NULL AND :workflow IS NULL),
			level AS MATERIALIZED (
				SELECT found.workflow, stored.value AS status FROM found CROSS JOIN json_each(:storedStatuses) AS stored),
			walk(id) AS (
				SELECT :before
				UNION ALL
				SELECT CASE WHEN :all
					THEN (SELECT max(r.id) FROM pgqrs_workflow_runs r WHERE r.id < walk.id)
					ELSE (SELECT max((SELECT max(r.id) FROM pgqrs_workflow_runs r
							WHERE r.workflow = level.workflow AND r.status = level.status AND r.id < walk.id))
						FROM level) END
				FROM walk WHERE walk.id IS NOT NULL)
			SELECT run.* FROM (
				SELECT r.id, r.workflow, r.key, coalesce(m.attempts, r.attempts) AS attempts, r.priority,
					CASE
						WHEN m.id IS NULL OR r.status = 'CANCELLING' THEN r.status
						WHEN r.held THEN 'PAUSED'
						WHEN m.worker_id IS NULL THEN r.status
						WHEN m.visible_at > CAST(unixepoch('subsec') * 1000 AS INTEGER) THEN 'RUNNING'
						ELSE 'QUEUED' END AS status,
					r.input, r.output, r.error, r.created_at, coalesce(r.started_at, m.claimed_at) AS started_at,
					r.completed_at
				FROM walk CROSS JOIN pgqrs_workflow_runs r
					LEFT JOIN pgqrs_messages m ON m.id = r.id AND r.completed_at IS NULL
				WHERE r.id = walk.id AND walk.id < :before AND r.created_at >= :from AND r.created_at < :to) AS run
			WHERE run.status IN (SELECT value FROM json_each(:statuses))
			LIMIT :limit""";

	// The primary key, once for each id.
	private static final String ENDED = """
			SELECT r.* FROM json_each(:ids) AS wanted CROSS JOIN pgqrs_workflow_runs r
			WHERE r.id = wanted.value AND r.completed_at IS NOT NULL""";

	// The primary key (run_id, name). Nobody comes back to a sleep that is over.
	private static final String STEPS = """
			SELECT name, kind, CASE WHEN over THEN 'SUCCESS' ELSE status END AS status, attempts, output, error,
				wake_at - CAST(unixepoch('subsec') * 1000 AS INTEGER) AS time_left_ms, started_at,
				CASE WHEN over THEN wake_at ELSE completed_at END AS completed_at
			FROM (
				SELECT s.*, s.rowid AS position, s.kind = 'SLEEP' AND s.completed_at IS NULL
					AND s.wake_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER) AS over
				FROM pgqrs_workflow_steps s
				WHERE s.run_id = :id)
			ORDER BY started_at, position""";

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	private final SqliteWorkflowRunControl control;

	private final SqliteWorkflowRunCounts counts;

	SqliteWorkflowRunStore(JdbcClient jdbc, StoreTransactions transactions) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.control = new SqliteWorkflowRunControl(jdbc, transactions);
		this.counts = new SqliteWorkflowRunCounts(jdbc);
	}

	@Override
	public @Nullable StartedRun start(NewRun run) {
		Duration timeout = run.timeout();
		StartedRun started = this.transactions.execute(() -> this.jdbc.sql(START)
			.param("workflow", run.workflow())
			.param("queue", run.queue())
			.param("key", run.key(), Types.VARCHAR)
			.param("input", run.input(), Types.VARCHAR)
			.param("priority", run.priority())
			.param("delay", (run.delay() != null) ? run.delay().toMillis() : 0)
			.param("at", (run.at() != null) ? run.at().toEpochMilli() : null, Types.BIGINT)
			.param("lease", (run.lease() != null) ? run.lease().toMillis() : null, Types.BIGINT)
			.param("timeout", (timeout != null) ? timeout.toMillis() : null, Types.BIGINT)
			.param("headers", WorkflowRunRows.headers(run), Types.VARCHAR)
			.query(SqliteWorkflowRunStore::started)
			.optional()
			.orElse(null));
		return (started != null || run.key() == null) ? started : findStarted(run.workflow(), run.key());
	}

	/** The queue is gone, but what it was that ran in it may be known. */
	private @Nullable StartedRun findStarted(String workflow, String key) {
		return this.jdbc.sql(FIND_STARTED)
			.param("workflow", workflow)
			.param("key", key)
			.query(SqliteWorkflowRunStore::started)
			.optional()
			.orElse(null);
	}

	private static StartedRun started(ResultSet rs, int index) throws SQLException {
		return new StartedRun(rs.getLong("id"), rs.getBoolean("created"), rs.getString("payload"));
	}

	@Override
	public @Nullable RunRecord find(long id) {
		return find(id, null, null);
	}

	@Override
	public @Nullable RunRecord find(String workflow, String key) {
		return find(null, workflow, key);
	}

	private @Nullable RunRecord find(@Nullable Long id, @Nullable String workflow, @Nullable String key) {
		return this.jdbc.sql(FIND)
			.param("id", id, Types.BIGINT)
			.param("workflow", workflow, Types.VARCHAR)
			.param("key", key, Types.VARCHAR)
			.query(SqliteWorkflowRows::run)
			.optional()
			.orElse(null);
	}

	@Override
	public List<RunRecord> list(RunFilter filter) {
		Set<String> statuses = WorkflowRunRows.wanted(filter.statuses());
		return this.jdbc.sql(LIST)
			.param("before", (filter.beforeId() != null) ? filter.beforeId() : Long.MAX_VALUE)
			.param("all", filter.workflow() == null && filter.statuses().isEmpty())
			.param("workflow", filter.workflow(), Types.VARCHAR)
			.param("storedStatuses", PayloadJson.writePlain(WorkflowRunRows.stored(statuses)))
			.param("from", (filter.createdFrom() != null) ? nextMilli(filter.createdFrom()) : Long.MIN_VALUE)
			.param("to", (filter.createdTo() != null) ? nextMilli(filter.createdTo()) : Long.MAX_VALUE)
			.param("statuses", PayloadJson.writePlain(statuses))
			.param("limit", filter.limit())
			.query(SqliteWorkflowRows::run)
			.list();
	}

	/** The first millisecond that is not before. */
	private static long nextMilli(Instant instant) {
		return instant.plusNanos(999_999).toEpochMilli();
	}

	@Override
	public List<RunCounts> counts() {
		return this.counts.counts();
	}

	@Override
	public List<RunRecord> ended(Collection<Long> ids) {
		return this.jdbc.sql(ENDED).param("ids", PayloadJson.writePlain(ids)).query(SqliteWorkflowRows::run).list();
	}

	@Override
	public List<StepRecord> steps(long runId) {
		return this.jdbc.sql(STEPS).param("id", runId).query(SqliteWorkflowRows::step).list();
	}

	@Override
	public @Nullable String cancel(long id) {
		return this.control.cancel(id);
	}

	@Override
	public boolean pause(long id) {
		return this.control.pause(id);
	}

	@Override
	public boolean resume(long id) {
		return this.control.resume(id);
	}

	@Override
	public boolean retry(long id, String queue) {
		return this.control.retry(id, queue);
	}

	@Override
	public boolean signal(long id, String name, @Nullable String payload) {
		return this.control.signal(id, name, payload);
	}

}
