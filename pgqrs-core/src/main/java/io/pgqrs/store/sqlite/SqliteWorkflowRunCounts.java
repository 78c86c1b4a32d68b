package io.pgqrs.store.sqlite;

import java.util.List;

import io.pgqrs.store.RunCounts;

import org.springframework.jdbc.core.simple.JdbcClient;

/** How many runs there are in SQLite. */
final class SqliteWorkflowRunCounts {

	// pgqrs_workflow_runs_status (workflow, status, id), which finds each workflow by one
	// descent, then a range of it for each status, no longer than the limit. What a run
	// that has not ended does now, its message knows, by its primary key. Those runs are
	// walked one by one, because a join cannot be limited for each status.
	private static final String COUNTS = """
			WITH RECURSIVE found(workflow) AS (
				SELECT min(r.workflow) FROM pgqrs_workflow_runs r
				UNION ALL
				SELECT (SELECT min(r.workflow) FROM pgqrs_workflow_runs r WHERE r.workflow > found.workflow)
				FROM found WHERE found.workflow IS NOT NULL),
			level AS MATERIALIZED (
				SELECT found.workflow, stored.value AS status
				FROM found CROSS JOIN json_each('["CANCELLING","CANCELLED","SUCCESS","ERROR","QUEUED","PAUSED"]') AS stored
				WHERE found.workflow IS NOT NULL),
			walk(workflow, status, id, position) AS (
				SELECT level.workflow, level.status, (SELECT min(r.id) FROM pgqrs_workflow_runs r
					WHERE r.workflow = level.workflow AND r.status = level.status), 1
				FROM level WHERE level.status IN ('QUEUED', 'PAUSED')
				UNION ALL
				SELECT walk.workflow, walk.status, (SELECT min(r.id) FROM pgqrs_workflow_runs r
					WHERE r.workflow = walk.workflow AND r.status = walk.status AND r.id > walk.id), walk.position + 1
				FROM walk WHERE walk.id IS NOT NULL AND walk.position < :limit)
			SELECT figure.workflow, figure.status, min(sum(figure.count), :limit) AS count
			FROM (
				SELECT level.workflow, level.status, (SELECT count(*) FROM (
					SELECT 1 FROM pgqrs_workflow_runs r
					WHERE r.workflow = level.workflow AND r.status = level.status
					LIMIT :limit)) AS count
				FROM level WHERE level.status NOT IN ('QUEUED', 'PAUSED')
				UNION ALL
				SELECT walk.workflow,
					CASE WHEN m.id IS NULL THEN r.status
						WHEN r.held THEN 'PAUSED'
						WHEN m.worker_id IS NULL THEN r.status
						WHEN m.visible_at > CAST(unixepoch('subsec') * 1000 AS INTEGER) THEN 'RUNNING'
						ELSE 'QUEUED' END, 1
				FROM walk CROSS JOIN pgqrs_workflow_runs r LEFT JOIN pgqrs_messages m ON m.id = r.id
				WHERE r.id = walk.id) AS figure
			WHERE figure.count > 0
			GROUP BY figure.workflow, figure.status
			ORDER BY figure.workflow, figure.status""";

	private final JdbcClient jdbc;

	SqliteWorkflowRunCounts(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	List<RunCounts> counts() {
		return this.jdbc.sql(COUNTS)
			.param("limit", RunCounts.LIMIT)
			.query((rs, index) -> new RunCounts(rs.getString("workflow"), rs.getString("status"), rs.getLong("count")))
			.list();
	}

}
