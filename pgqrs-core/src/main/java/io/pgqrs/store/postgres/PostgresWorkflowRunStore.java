package io.pgqrs.store.postgres;

import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Runs of workflows in PostgreSQL. */
final class PostgresWorkflowRunStore implements WorkflowRunStore {

	// The primary keys, after pgqrs_workflow_runs_key if it is a key that is known.
	private static final String FIND = """
			SELECT r.id, r.workflow, r.key, r.priority, r.input, r.output, r.error, r.created_at, r.completed_at,
				coalesce(m.attempts, r.attempts) AS attempts, coalesce(r.started_at, m.claimed_at) AS started_at,
				CASE WHEN r.status = 'CANCELLING' OR m.id IS NULL THEN r.status
					WHEN r.held THEN 'PAUSED'
					WHEN m.worker_id IS NULL THEN r.status
					WHEN m.visible_at > statement_timestamp() THEN 'RUNNING'
					ELSE 'QUEUED' END AS status
			FROM pgqrs_workflow_runs r LEFT JOIN pgqrs_messages m ON m.id = r.id AND r.completed_at IS NULL
			WHERE r.id = coalesce(CAST(:id AS bigint),
				(SELECT id FROM pgqrs_workflow_runs WHERE workflow = :workflow AND key = :key))""";

	// The primary key, backwards, and that of the messages run by run: OFFSET keeps the
	// planner from joining otherwise.
	private static final String LATEST = """
			SELECT r.id, r.workflow, r.key, r.priority, r.input, r.output, r.error, r.created_at, r.completed_at,
				coalesce(m.attempts, r.attempts) AS attempts, coalesce(r.started_at, m.claimed_at) AS started_at,
				CASE WHEN r.status = 'CANCELLING' OR m.id IS NULL THEN r.status
					WHEN r.held THEN 'PAUSED'
					WHEN m.worker_id IS NULL THEN r.status
					WHEN m.visible_at > statement_timestamp() THEN 'RUNNING'
					ELSE 'QUEUED' END AS status
			FROM pgqrs_workflow_runs r LEFT JOIN LATERAL (
				SELECT * FROM pgqrs_messages WHERE id = r.id AND r.completed_at IS NULL OFFSET 0) AS m ON true
			WHERE r.id < :beforeId AND r.created_at >= coalesce(CAST(:createdFrom AS timestamptz), '-infinity')
				AND r.created_at < coalesce(CAST(:createdTo AS timestamptz), 'infinity')
			ORDER BY r.id DESC
			LIMIT :limit""";

	// pgqrs_workflow_runs_status (workflow, status, id), backwards, once for each
	// workflow
	// and status; it finds the next workflow by one descent. Rows are compared as a
	// whole,
	// because to a generic plan the primary key would look as good. What a run that has
	// not ended does now, its message knows: those that are stored alike are looked at
	// until there are enough. That is the second CASE: PostgreSQL takes a comparison of
	// the
	// first one to be rare, and would look at all of them first.
	private static final String LIST = """
			WITH RECURSIVE found AS (
				(SELECT workflow FROM pgqrs_workflow_runs
				WHERE CAST(:workflow AS text) IS NULL ORDER BY workflow LIMIT 1)
				UNION ALL
				SELECT (SELECT r.workflow FROM pgqrs_workflow_runs r
					WHERE r.workflow > found.workflow ORDER BY r.workflow LIMIT 1)
				FROM found WHERE found.workflow IS NOT NULL),
			wanted AS (
				SELECT workflow FROM found WHERE workflow IS NOT NULL
				UNION ALL
				SELECT :workflow WHERE CAST(:workflow AS text) IS NOT NULL)
			SELECT run.* FROM wanted CROSS JOIN unnest(:storedStatuses) AS stored(status) CROSS JOIN LATERAL (
				SELECT * FROM (
					SELECT r.id, r.workflow, r.key, r.priority, r.input, r.output, r.error, r.created_at, r.completed_at,
						coalesce(m.attempts, r.attempts) AS attempts, coalesce(r.started_at, m.claimed_at) AS started_at,
						CASE WHEN r.status = 'CANCELLING' OR m.id IS NULL THEN r.status
							WHEN r.held THEN 'PAUSED'
							WHEN m.worker_id IS NULL THEN r.status
							WHEN m.visible_at > statement_timestamp() THEN 'RUNNING'
							ELSE 'QUEUED' END AS status, r.status AS stored_status
					FROM pgqrs_workflow_runs r LEFT JOIN LATERAL (
						SELECT * FROM pgqrs_messages WHERE id = r.id AND r.completed_at IS NULL OFFSET 0) AS m ON true
					WHERE (r.workflow, r.status, r.id) > (wanted.workflow, stored.status, 0)
						AND (r.workflow, r.status, r.id) < (wanted.workflow, stored.status, :beforeId)
						AND r.created_at >= coalesce(CAST(:createdFrom AS timestamptz), '-infinity')
						AND r.created_at < coalesce(CAST(:createdTo AS timestamptz), 'infinity')) AS candidate
				WHERE CASE WHEN candidate.status = ANY (:statuses) THEN true ELSE false END
				ORDER BY candidate.workflow DESC, candidate.stored_status DESC, candidate.id DESC
				LIMIT :limit) AS run
			ORDER BY run.id DESC
			LIMIT :limit""";

	// The primary key.
	private static final String ENDED = """
			SELECT * FROM pgqrs_workflow_runs WHERE id = ANY (:ids) AND completed_at IS NOT NULL""";

	// The primary key (run_id, name). Nobody comes back to a sleep that is over.
	private static final String STEPS = """
			SELECT name, kind, attempts, output, error, started_at,
				CASE WHEN over THEN 'SUCCESS' ELSE status END AS status,
				CASE WHEN over THEN wake_at ELSE completed_at END AS completed_at,
				CAST(floor(1000 * extract(epoch FROM wake_at - statement_timestamp())) AS bigint) AS time_left_ms
			FROM (SELECT *, kind = 'SLEEP' AND completed_at IS NULL AND wake_at <= statement_timestamp() AS over
				FROM pgqrs_workflow_steps WHERE run_id = :id) AS step
			ORDER BY started_at, name""";

	private final JdbcClient jdbc;

	private final PostgresSchema schema;

	private final PostgresRunStarts starts;

	private final PostgresWorkflowRunControl control;

	private final PostgresWorkflowRunCounts counts;

	PostgresWorkflowRunStore(JdbcClient jdbc, StoreTransactions transactions, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.schema = schema;
		this.control = new PostgresWorkflowRunControl(jdbc, transactions, schema);
		this.counts = new PostgresWorkflowRunCounts(jdbc, schema);
		this.starts = new PostgresRunStarts(jdbc, transactions, schema);
	}

	@Override
	public @Nullable StartedRun start(NewRun run) {
		return this.starts.start(run);
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
		return sql(FIND).param("id", id, Types.BIGINT)
			.param("workflow", workflow, Types.VARCHAR)
			.param("key", key, Types.VARCHAR)
			.query(PostgresWorkflowRows::run)
			.optional()
			.orElse(null);
	}

	@Override
	public List<RunRecord> list(RunFilter filter) {
		boolean any = filter.workflow() == null && filter.statuses().isEmpty();
		Set<String> statuses = WorkflowRunRows.wanted(filter.statuses());
		return (any ? sql(LATEST)
				: sql(LIST).param("workflow", filter.workflow(), Types.VARCHAR)
					.param("statuses", statuses.toArray(String[]::new))
					.param("storedStatuses", WorkflowRunRows.stored(statuses).toArray(String[]::new)))
			.param("createdFrom", time(filter.createdFrom()), Types.TIMESTAMP_WITH_TIMEZONE)
			.param("createdTo", time(filter.createdTo()), Types.TIMESTAMP_WITH_TIMEZONE)
			.param("beforeId", (filter.beforeId() != null) ? filter.beforeId() : Long.MAX_VALUE)
			.param("limit", filter.limit())
			.query(PostgresWorkflowRows::run)
			.list();
	}

	@Override
	public List<RunCounts> counts() {
		return this.counts.counts();
	}

	@Override
	public List<RunRecord> ended(Collection<Long> ids) {
		return sql(ENDED).param("ids", ids.stream().mapToLong(Long::longValue).toArray())
			.query(PostgresWorkflowRows::run)
			.list();
	}

	@Override
	public List<StepRecord> steps(long runId) {
		return sql(STEPS).param("id", runId).query(PostgresWorkflowRows::step).list();
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

	private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
		return (instant != null) ? OffsetDateTime.ofInstant(instant, ZoneOffset.UTC) : null;
	}

	private JdbcClient.StatementSpec sql(String sql) {
		return this.jdbc.sql(this.schema.qualify(sql));
	}

}
