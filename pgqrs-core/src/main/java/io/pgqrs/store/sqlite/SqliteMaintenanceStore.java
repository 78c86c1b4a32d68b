package io.pgqrs.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.pgqrs.store.MaintenanceStore;
import io.pgqrs.store.jdbc.IdRows;
import io.pgqrs.store.jdbc.RunSweep;
import io.pgqrs.store.jdbc.RunSweep.Position;
import io.pgqrs.store.jdbc.RunSweep.Swept;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Maintenance of SQLite. */
final class SqliteMaintenanceStore implements MaintenanceStore {

	// A time too far in the future is left over from a longer period.
	private static final String TAKE = """
			INSERT INTO pgqrs_maintenance (task, due_at)
			VALUES (:task, CAST(unixepoch('subsec') * 1000 AS INTEGER) + :period)
			ON CONFLICT (task) DO UPDATE SET due_at = excluded.due_at
			WHERE due_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER)
				OR due_at > CAST(unixepoch('subsec') * 1000 AS INTEGER) + 2 * :period""";

	private static final String HOLD = """
			UPDATE pgqrs_maintenance SET due_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) + :period WHERE task = :task""";

	// pgqrs_archive_retention (queue_id, archived_at), then the primary key.
	private static final String DELETE_ARCHIVED = """
			DELETE FROM pgqrs_archive WHERE id IN (
				SELECT a.id FROM pgqrs_queues q CROSS JOIN pgqrs_archive a
				WHERE a.queue_id = q.id
					AND a.archived_at < CAST(unixepoch('subsec') * 1000 AS INTEGER) - q.archive_retention_ms
				LIMIT :limit)""";

	// The same with pgqrs_dead_letters_queue (queue_id, died_at, id).
	private static final String DELETE_DEAD_LETTERS = """
			DELETE FROM pgqrs_dead_letters WHERE id IN (
				SELECT d.id FROM pgqrs_queues q CROSS JOIN pgqrs_dead_letters d
				WHERE d.queue_id = q.id
					AND d.died_at < CAST(unixepoch('subsec') * 1000 AS INTEGER) - q.dead_letter_retention_ms
				LIMIT :limit)""";

	// From run to run along pgqrs_workflow_runs_status (workflow, status, id), as
	// RunSweep says. ORDER BY finishes one level before the next begins, whose end, or
	// first run that was created too late, comes as a row too.
	private static final String WALK_RUNS = """
			WITH RECURSIVE level AS MATERIALIZED (
				SELECT substr(q.name, length('workflow:') + 1) AS workflow, kind.value AS status,
					CAST(unixepoch('subsec') * 1000 AS INTEGER) - CASE kind.value WHEN 'ERROR'
						THEN q.dead_letter_retention_ms ELSE q.archive_retention_ms END AS cutoff
				FROM pgqrs_queues q CROSS JOIN json_each('["SUCCESS","CANCELLED","ERROR"]') AS kind
				WHERE substr(q.name, 1, length('workflow:')) = 'workflow:'),
			walk(workflow, status, id, cutoff) AS (
				SELECT level.workflow, level.status, (SELECT min(r.id) FROM pgqrs_workflow_runs r
					WHERE r.workflow = level.workflow AND r.status = level.status
						AND r.id > CASE WHEN (level.workflow, level.status) = (:workflow, :status) THEN :id ELSE 0 END),
					level.cutoff
				FROM level WHERE (level.workflow, level.status) >= (:workflow, :status)
				UNION ALL
				SELECT walk.workflow, walk.status, (SELECT min(r.id) FROM pgqrs_workflow_runs r
					WHERE r.workflow = walk.workflow AND r.status = walk.status AND r.id > walk.id), walk.cutoff
				FROM walk
				WHERE (SELECT r.created_at FROM pgqrs_workflow_runs r WHERE r.id = walk.id) < walk.cutoff
				ORDER BY 1, 2, 3
				LIMIT :walk)
			SELECT walk.workflow, walk.status, coalesce(walk.id, 9223372036854775807) AS id, r.completed_at,
				coalesce(r.completed_at < walk.cutoff, false) AS expired
			FROM walk LEFT JOIN pgqrs_workflow_runs r ON r.id = walk.id""";

	// The primary key. A run that was retried meanwhile stays.
	private static final String DELETE_RUNS = """
			DELETE FROM pgqrs_workflow_runs
			WHERE (id, completed_at) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:runs))
			RETURNING id""";

	private static final String DELETE_STEPS = """
			DELETE FROM pgqrs_workflow_steps WHERE run_id IN (SELECT value FROM json_each(:ids))""";

	private static final String DELETE_SIGNALS = """
			DELETE FROM pgqrs_workflow_signals WHERE run_id IN (SELECT value FROM json_each(:ids))""";

	private static final String DELETE_WORKERS = """
			DELETE FROM pgqrs_workers WHERE id IN (
				SELECT id FROM pgqrs_workers
				WHERE status <> 'running' AND heartbeat_at < CAST(unixepoch('subsec') * 1000 AS INTEGER) - :retention
				ORDER BY id LIMIT :limit)""";

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	private final RunSweep runs = new RunSweep();

	SqliteMaintenanceStore(JdbcClient jdbc, StoreTransactions transactions) {
		this.jdbc = jdbc;
		this.transactions = transactions;
	}

	@Override
	public boolean take(String task, Duration period) {
		return update(this.jdbc.sql(TAKE).param("task", task).param("period", period.toMillis())) == 1;
	}

	@Override
	public void hold(String task, Duration period) {
		update(this.jdbc.sql(HOLD).param("task", task).param("period", period.toMillis()));
	}

	@Override
	public int deleteArchived(int limit) {
		return update(this.jdbc.sql(DELETE_ARCHIVED).param("limit", limit));
	}

	@Override
	public int deleteDeadLetters(int limit) {
		return update(this.jdbc.sql(DELETE_DEAD_LETTERS).param("limit", limit));
	}

	private int update(JdbcClient.StatementSpec statement) {
		return this.transactions.execute(statement::update);
	}

	@Override
	public int deleteRuns(int limit) {
		return this.runs.sweep(limit, this::deleteRuns);
	}

	/** Looks first, without the write lock. */
	private Swept deleteRuns(Position behind, int walk, int limit) {
		List<Walked> walked = this.jdbc.sql(WALK_RUNS)
			.param("workflow", behind.workflow())
			.param("status", behind.status())
			.param("id", behind.id())
			.param("walk", walk)
			.query(SqliteMaintenanceStore::walked)
			.list();
		List<Walked> expired = walked.stream().filter(Walked::expired).limit(limit).toList();
		return new Swept(expired.isEmpty() ? 0 : delete(expired), next(walked, walk, expired, limit));
	}

	private static Walked walked(ResultSet rs, int index) throws SQLException {
		return new Walked(new Position(rs.getString("workflow"), rs.getString("status"), rs.getLong("id")),
				rs.getLong("completed_at"), rs.getBoolean("expired"));
	}

	private static Position next(List<Walked> walked, int walk, List<Walked> expired, int limit) {
		if (expired.size() == limit) {
			return expired.get(limit - 1).run();
		}
		return (walked.size() == walk) ? walked.get(walk - 1).run() : Position.START;
	}

	private int delete(List<Walked> expired) {
		List<long[]> runs = expired.stream().map((run) -> new long[] { run.run().id(), run.completedAt() }).toList();
		return this.transactions.execute(() -> {
			List<Long> deleted = this.jdbc.sql(DELETE_RUNS)
				.param("runs", PayloadJson.writePlain(runs))
				.query(IdRows::id)
				.list();
			String ids = PayloadJson.writePlain(deleted);
			this.jdbc.sql(DELETE_STEPS).param("ids", ids).update();
			this.jdbc.sql(DELETE_SIGNALS).param("ids", ids).update();
			return deleted.size();
		});
	}

	@Override
	public int deleteWorkers(Duration retention, int limit) {
		return update(this.jdbc.sql(DELETE_WORKERS).param("retention", retention.toMillis()).param("limit", limit));
	}

	/** A reader here holds up no more than the truncation of the log. */
	@Override
	public @Nullable OldestTransaction oldestTransaction() {
		return null;
	}

	/**
	 * A run that was looked at.
	 *
	 * @param run where it stands
	 * @param completedAt when it ended
	 * @param expired whether that is long enough ago
	 */
	private record Walked(Position run, long completedAt, boolean expired) {
	}

}
