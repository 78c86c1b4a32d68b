package io.pgqrs.store.postgres;

import java.util.List;

import io.pgqrs.store.RunCounts;

import org.springframework.jdbc.core.simple.JdbcClient;

/** How many runs there are in PostgreSQL. */
final class PostgresWorkflowRunCounts {

	// pgqrs_workflow_runs_status (workflow, status, id), which finds each workflow by one
	// descent, then a range of it for each status, no longer than the limit. Rows are
	// compared and sorted as a whole, because otherwise the planner may take the primary
	// key, or all of the table, to be as good. What a run that has not ended does now,
	// its message knows, by its primary key: OFFSET keeps the planner from joining
	// otherwise.
	private static final String COUNTS = """
			WITH RECURSIVE found AS (
				(SELECT workflow FROM pgqrs_workflow_runs ORDER BY workflow LIMIT 1)
				UNION ALL
				SELECT (SELECT r.workflow FROM pgqrs_workflow_runs r
					WHERE r.workflow > found.workflow ORDER BY r.workflow LIMIT 1)
				FROM found WHERE found.workflow IS NOT NULL)
			SELECT figure.workflow, figure.status, least(sum(figure.count), :limit) AS count
			FROM (
				SELECT found.workflow, stored.status, ended.count
				FROM found CROSS JOIN unnest(ARRAY['CANCELLING', 'CANCELLED', 'SUCCESS', 'ERROR']) AS stored(status)
				CROSS JOIN LATERAL (
					SELECT count(*) FROM (
						SELECT 1 FROM pgqrs_workflow_runs r
						WHERE (r.workflow, r.status, r.id) > (found.workflow, stored.status, 0)
							AND (r.workflow, r.status, r.id) < (found.workflow, stored.status, 9223372036854775807)
						ORDER BY r.workflow, r.status, r.id
						LIMIT :limit) AS capped) AS ended
				WHERE found.workflow IS NOT NULL
				UNION ALL
				SELECT found.workflow, live.status, live.count
				FROM found CROSS JOIN unnest(ARRAY['QUEUED', 'PAUSED']) AS stored(status)
				CROSS JOIN LATERAL (
					SELECT CASE WHEN m.id IS NULL THEN r.status
							WHEN r.held THEN 'PAUSED'
							WHEN m.worker_id IS NULL THEN r.status
							WHEN m.visible_at > statement_timestamp() THEN 'RUNNING'
							ELSE 'QUEUED' END AS status, count(*) AS count
					FROM (
						SELECT r.id, r.status, r.held FROM pgqrs_workflow_runs r
						WHERE (r.workflow, r.status, r.id) > (found.workflow, stored.status, 0)
							AND (r.workflow, r.status, r.id) < (found.workflow, stored.status, 9223372036854775807)
						ORDER BY r.workflow, r.status, r.id
						LIMIT :limit) AS r
					LEFT JOIN LATERAL (
						SELECT id, worker_id, visible_at FROM pgqrs_messages WHERE id = r.id OFFSET 0) AS m ON true
					GROUP BY 1) AS live
				WHERE found.workflow IS NOT NULL) AS figure
			WHERE figure.count > 0
			GROUP BY figure.workflow, figure.status
			ORDER BY figure.workflow, figure.status""";

	private final JdbcClient jdbc;

	private final PostgresSchema schema;

	PostgresWorkflowRunCounts(JdbcClient jdbc, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.schema = schema;
	}

	List<RunCounts> counts() {
		return this.jdbc.sql(this.schema.qualify(COUNTS))
			.param("limit", RunCounts.LIMIT)
			.query((rs, index) -> new RunCounts(rs.getString("workflow"), rs.getString("status"), rs.getLong("count")))
			.list();
	}

}
