package io.pgqrs.store.sqlite;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.pgqrs.store.MaintenanceStore;
import io.pgqrs.store.jdbc.IdRows;
import io.pgqrs.store.jdbc.RunSweep;
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
	// RunSweep says.
	private static final String WALK_RUNS = """
			WITH RECURSIVE level AS MATERIALIZED (
				SELECT substr(q.name, length('workflow:') + 1) AS workflow, kind.value AS status,
					CAST(unixepoch('subsec') * 1000 AS INTEGER) - CASE kind.value WHEN 'ERROR'
						THEN q.dead_letter_retention_ms ELSE q.archive_retention_ms END AS cutoff
				FROM pgqrs_queues q CROSS JOIN json_each('["SUCCESS","CANCELLED","ERROR"]') AS kind
				WHERE substr(q.name, 1, length('workflow:')) = 'workflow:'),
			walk(workflow, status, cutoff, id, position) AS (
				SELECT level.workflow, level.status, level.cutoff, (SELECT min(r.id) FROM pgqrs_workflow_runs r
					WHERE r.workflow = level.workflow AND r.status = level.status AND r.id > :after), 1
				FROM level
				UNION ALL
				SELECT walk.workflow, walk.status, walk.cutoff, (SELECT min(r.id) FROM pgqrs_workflow_runs r
					WHERE r.workflow = walk.workflow AND r.status = walk.status AND r.id > walk.id), walk.position + 1
				FROM walk
				WHERE walk.position < :walk
					AND (SELECT r.created_at FROM pgqrs_workflow_runs r WHERE r.id = walk.id) < walk.cutoff)
			SELECT walk.workflow, walk.status, walk.id, r.completed_at, r.completed_at < walk.cutoff AS expired
			FROM walk CROSS JOIN pgqrs_workflow_runs r
			WHERE r.id = walk.id AND r.created_at < walk.cutoff""";

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
	private Swept deleteRuns(long after, int walk, int limit) {
		List<Walked> walked = this.jdbc.sql(WALK_RUNS)
			.param("after", after)
			.param("walk", walk)
			.query((rs, index) -> new Walked(rs.getString("workflow"), rs.getString("status"), rs.getLong("id"),
					rs.getLong("completed_at"), rs.getBoolean("expired")))
			.list();
		List<long[]> expired = walked.stream()
			.filter(Walked::expired)
			.limit(limit)
			.map((run) -> new long[] { run.id(), run.completedAt() })
			.toList();
		return new Swept(expired.isEmpty() ? 0 : delete(expired), next(walked, walk));
	}

	private int delete(List<long[]> runs) {
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

	/** The first to end of the walks that came to no end. */
	private static long next(List<Walked> walked, int walk) {
		Map<List<String>, List<Walked>> levels = walked.stream()
			.collect(Collectors.groupingBy((run) -> List.of(run.workflow(), run.status())));
		return levels.values()
			.stream()
			.filter((level) -> level.size() == walk)
			.mapToLong((level) -> level.stream().mapToLong(Walked::id).max().orElseThrow())
			.min()
			.orElse(0);
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
	 * @param workflow name of its workflow
	 * @param status how it ended
	 * @param id of the run
	 * @param completedAt when it ended
	 * @param expired whether that is long enough ago
	 */
	private record Walked(String workflow, String status, long id, long completedAt, boolean expired) {
	}

}
