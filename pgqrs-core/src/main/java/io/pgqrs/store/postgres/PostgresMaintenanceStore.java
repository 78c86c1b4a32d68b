package io.pgqrs.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.pgqrs.store.MaintenanceStore;
import io.pgqrs.store.jdbc.RunSweep;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Maintenance of PostgreSQL. */
final class PostgresMaintenanceStore implements MaintenanceStore {

	// Of many at once, one moves the time on; the others wait for it, and then find the
	// time moved. A time too far in the future is left over from a longer period.
	private static final String TAKE = """
			INSERT INTO pgqrs_maintenance AS m (task, due_at)
			VALUES (:task, statement_timestamp() + :period * interval '1 millisecond')
			ON CONFLICT (task) DO UPDATE SET due_at = excluded.due_at
			WHERE m.due_at <= statement_timestamp()
				OR m.due_at > statement_timestamp() + 2 * :period * interval '1 millisecond'""";

	private static final String HOLD = """
			UPDATE pgqrs_maintenance SET due_at = statement_timestamp() + :period * interval '1 millisecond' WHERE task = :task""";

	// pgqrs_archive_retention (queue_id, archived_at), queue by queue, then the primary
	// key. The array is taken to be short, so that no other plan looks better. Goes on
	// where the last batch ended: while a transaction elsewhere is open, each batch would
	// otherwise walk over all that those before it have deleted.
	private static final String DELETE_ARCHIVED = """
			WITH expired AS MATERIALIZED (
				SELECT q.id AS queue_id, old.id, old.archived_at AS ended_at
				FROM (SELECT * FROM pgqrs_queues WHERE id >= :queue ORDER BY id) AS q CROSS JOIN LATERAL (
					SELECT a.id, a.archived_at FROM pgqrs_archive a
					WHERE a.queue_id = q.id
						AND a.archived_at >= CASE WHEN q.id = :queue THEN CAST(:from AS timestamptz) ELSE '-infinity' END
						AND a.archived_at < statement_timestamp() - q.archive_retention_ms * interval '1 millisecond'
					ORDER BY a.archived_at
					LIMIT :limit) AS old
				LIMIT :limit),
			gone AS (
				DELETE FROM pgqrs_archive WHERE id = ANY (ARRAY(SELECT id FROM expired)) RETURNING id)
			SELECT (SELECT count(*) FROM gone) AS deleted, queue_id, CAST(ended_at AS text) AS ended_at
			FROM expired ORDER BY expired.queue_id DESC, expired.ended_at DESC LIMIT 1""";

	// The same with pgqrs_dead_letters_queue (queue_id, died_at, id). A letter that is
	// being replayed is passed over.
	private static final String DELETE_DEAD_LETTERS = """
			WITH expired AS MATERIALIZED (
				SELECT q.id AS queue_id, old.id, old.died_at AS ended_at
				FROM (SELECT * FROM pgqrs_queues WHERE id >= :queue ORDER BY id) AS q CROSS JOIN LATERAL (
					SELECT d.id, d.died_at FROM pgqrs_dead_letters d
					WHERE d.queue_id = q.id
						AND d.died_at >= CASE WHEN q.id = :queue THEN CAST(:from AS timestamptz) ELSE '-infinity' END
						AND d.died_at < statement_timestamp() - q.dead_letter_retention_ms * interval '1 millisecond'
					ORDER BY d.died_at, d.id
					LIMIT :limit
					FOR UPDATE SKIP LOCKED) AS old
				LIMIT :limit),
			gone AS (
				DELETE FROM pgqrs_dead_letters WHERE id = ANY (ARRAY(SELECT id FROM expired)) RETURNING id)
			SELECT (SELECT count(*) FROM gone) AS deleted, queue_id, CAST(ended_at AS text) AS ended_at
			FROM expired ORDER BY expired.queue_id DESC, expired.ended_at DESC LIMIT 1""";

	// From run to run along pgqrs_workflow_runs_status (workflow, status, id), as
	// RunSweep says; then the primary keys. Rows are compared as a whole, because to a
	// generic plan the primary key would look as good. A run that was retried meanwhile
	// stays.
	private static final String DELETE_RUNS = """
			WITH RECURSIVE level AS (
				SELECT * FROM (
					SELECT substr(q.name, length('workflow:') + 1) AS workflow, kind.status,
						statement_timestamp() - kind.retention_ms * interval '1 millisecond' AS cutoff
					FROM pgqrs_queues q CROSS JOIN LATERAL (VALUES ('SUCCESS', q.archive_retention_ms),
						('CANCELLED', q.archive_retention_ms), ('ERROR', q.dead_letter_retention_ms))
						AS kind(status, retention_ms)
					WHERE starts_with(q.name, 'workflow:')) AS any_level
				WHERE (workflow, status) >= (:workflow, :status)
				ORDER BY workflow, status),
			walked AS MATERIALIZED (
				SELECT level.workflow, level.status, old.id, old.completed_at < level.cutoff AS expired
				FROM level CROSS JOIN LATERAL (
					WITH RECURSIVE walk AS (
						(SELECT r.id, r.created_at, r.completed_at FROM pgqrs_workflow_runs r
						WHERE (r.workflow, r.status, r.id) > (level.workflow, level.status,
								CASE WHEN (level.workflow, level.status) = (:workflow, :status) THEN :id ELSE 0 END)
							AND (r.workflow, r.status, r.id) < (level.workflow, level.status, 9223372036854775807)
						ORDER BY r.workflow, r.status, r.id
						LIMIT 1)
						UNION ALL
						SELECT next.id, next.created_at, next.completed_at FROM walk CROSS JOIN LATERAL (
							SELECT r.id, r.created_at, r.completed_at FROM pgqrs_workflow_runs r
							WHERE (r.workflow, r.status, r.id) > (level.workflow, level.status, walk.id)
								AND (r.workflow, r.status, r.id) < (level.workflow, level.status, 9223372036854775807)
							ORDER BY r.workflow, r.status, r.id
							LIMIT 1) AS next
						WHERE walk.created_at < level.cutoff)
					SELECT walk.id, walk.completed_at FROM walk WHERE walk.created_at < level.cutoff) AS old
				LIMIT :walk),
			taken AS MATERIALIZED (
				SELECT * FROM (
					SELECT *, count(*) FILTER (WHERE expired) OVER (ORDER BY workflow, status, id) AS found FROM walked)
					AS numbered
				WHERE found <= :limit),
			gone AS (
				DELETE FROM pgqrs_workflow_runs
				WHERE id = ANY (ARRAY(SELECT id FROM taken WHERE expired)) AND completed_at IS NOT NULL
				RETURNING id),
			steps AS (
				DELETE FROM pgqrs_workflow_steps WHERE run_id = ANY (ARRAY(SELECT id FROM gone))),
			signals AS (
				DELETE FROM pgqrs_workflow_signals WHERE run_id = ANY (ARRAY(SELECT id FROM gone)))
			SELECT (SELECT count(*) FROM gone) AS deleted, workflow, status, id,
				(SELECT count(*) FROM walked) = :walk OR (SELECT count(*) FROM taken) < (SELECT count(*) FROM walked) AS more
			FROM taken ORDER BY taken.workflow DESC, taken.status DESC, taken.id DESC LIMIT 1""";

	private static final String DELETE_WORKERS = """
			DELETE FROM pgqrs_workers WHERE id = ANY (ARRAY(
				SELECT id FROM pgqrs_workers
				WHERE status <> 'running'
					AND heartbeat_at < statement_timestamp() - :retention * interval '1 millisecond'
				ORDER BY id LIMIT :limit))""";

	// What the user may not see is absent. Not vacuum itself, which holds up nobody or
	// goes away by itself; nor a standby or a replication slot, which has no beginning.
	// Background workers have no user, nor has who was dropped.
	private static final String OLDEST_TRANSACTION = """
			SELECT greatest(0, CAST(1000 * extract(epoch FROM statement_timestamp() - began_at) AS bigint)) AS age_ms,
				holder, pg_stat_get_dead_tuples(CAST('pgqrs_messages' AS regclass)) AS dead_rows
			FROM (
				SELECT xact_start AS began_at,
					'process ' || pid || ' (' || coalesce('user ' || usename, backend_type, 'unknown')
					|| coalesce(', application ' || nullif(application_name, ''), '')
					|| coalesce(', client ' || host(client_addr), '') || coalesce(', ' || state, '') || ')' AS holder
				FROM pg_stat_activity
				WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
					AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)
					AND backend_type <> 'autovacuum worker' AND pid NOT IN (SELECT pid FROM pg_stat_progress_vacuum)
				UNION ALL
				SELECT prepared, 'prepared transaction ' || quote_literal(gid) || ' (user ' || owner || ')'
				FROM pg_prepared_xacts WHERE database = current_database()) AS open
			ORDER BY began_at
			LIMIT 1""";

	private final JdbcClient jdbc;

	private final PostgresSchema schema;

	private final AtomicReference<Swept> archived = new AtomicReference<>(Swept.START);

	private final AtomicReference<Swept> deadLetters = new AtomicReference<>(Swept.START);

	private final RunSweep runs = new RunSweep();

	PostgresMaintenanceStore(JdbcClient jdbc, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.schema = schema;
	}

	@Override
	public boolean take(String task, Duration period) {
		return sql(TAKE).param("task", task).param("period", period.toMillis()).update() == 1;
	}

	@Override
	public void hold(String task, Duration period) {
		sql(HOLD).param("task", task).param("period", period.toMillis()).update();
	}

	@Override
	public int deleteArchived(int limit) {
		return sweep(this.archived, DELETE_ARCHIVED, limit);
	}

	@Override
	public int deleteDeadLetters(int limit) {
		return sweep(this.deadLetters, DELETE_DEAD_LETTERS, limit);
	}

	private int sweep(AtomicReference<Swept> last, String statement, int limit) {
		Swept from = last.get();
		Swept swept = sql(statement).param("queue", from.queue())
			.param("from", from.endedAt())
			.param("limit", limit)
			.query((rs, index) -> new Swept(rs.getInt("deleted"), rs.getInt("queue_id"), rs.getString("ended_at")))
			.optional()
			.orElse(Swept.START);
		last.set((swept.deleted() < limit) ? Swept.START : swept);
		return swept.deleted();
	}

	@Override
	public int deleteRuns(int limit) {
		return this.runs.sweep(limit, this::deleteRuns);
	}

	private RunSweep.Swept deleteRuns(RunSweep.Position behind, int walk, int limit) {
		return sql(DELETE_RUNS).param("workflow", behind.workflow())
			.param("status", behind.status())
			.param("id", behind.id())
			.param("walk", walk)
			.param("limit", limit)
			.query(PostgresMaintenanceStore::sweptRuns)
			.optional()
			.orElse(new RunSweep.Swept(0, RunSweep.Position.START));
	}

	private static RunSweep.Swept sweptRuns(ResultSet rs, int index) throws SQLException {
		return new RunSweep.Swept(rs.getInt("deleted"),
				rs.getBoolean("more")
						? new RunSweep.Position(rs.getString("workflow"), rs.getString("status"), rs.getLong("id"))
						: RunSweep.Position.START);
	}

	@Override
	public int deleteWorkers(Duration retention, int limit) {
		return sql(DELETE_WORKERS).param("retention", retention.toMillis()).param("limit", limit).update();
	}

	@Override
	public @Nullable OldestTransaction oldestTransaction() {
		return sql(OLDEST_TRANSACTION)
			.query((rs, index) -> new OldestTransaction(Duration.ofMillis(rs.getLong("age_ms")), rs.getString("holder"),
					rs.getLong("dead_rows")))
			.optional()
			.orElse(null);
	}

	private JdbcClient.StatementSpec sql(String sql) {
		return this.jdbc.sql(this.schema.qualify(sql));
	}

	/**
	 * A batch that was deleted.
	 *
	 * @param deleted how many
	 * @param queue where its last one stood in the index
	 * @param endedAt the same, as PostgreSQL writes it
	 */
	private record Swept(int deleted, int queue, String endedAt) {

		static final Swept START = new Swept(0, 0, "-infinity");

	}

}
