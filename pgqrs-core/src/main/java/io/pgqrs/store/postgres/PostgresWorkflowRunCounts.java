package io.pgqrs.store.postgres;

import java.util.List;

import io.pgqrs.store.RunCounts;

import org.springframework.jdbc.core.simple.JdbcClient;

/** How many runs there are in PostgreSQL. */
final class PostgresWorkflowRunCounts {

	// pgqrs_workflow_runs_status (workflow, status, id), which finds each workflow by one
	// descent, then a range of it for each status. Rows are compared and sorted as a
	// whole, because otherwise the planner may take the primary key, or all of the table,
	// to be as good. A run is what its row says, unless its message is or was leased:
	// those are found by pgqrs_messages_claim in the queue of the workflow, level by
	// level, and tell what they are and what they are not. A row is PAUSED if it is held.
	private static final String COUNTS = """
			WITH RECURSIVE found AS (
				(SELECT workflow FROM pgqrs_workflow_runs ORDER BY workflow LIMIT 1)
				UNION ALL
				SELECT (SELECT r.workflow FROM pgqrs_workflow_runs r
					WHERE r.workflow > found.workflow ORDER BY r.workflow LIMIT 1)
				FROM found WHERE found.workflow IS NOT NULL),
			level AS (
				SELECT q.id AS queue_id, (SELECT m.priority FROM pgqrs_messages m
					WHERE m.queue_id = q.id ORDER BY m.priority DESC LIMIT 1) AS priority
				FROM pgqrs_queues q WHERE starts_with(q.name, 'workflow:')
				UNION ALL
				SELECT level.queue_id, (SELECT m.priority FROM pgqrs_messages m
					WHERE m.queue_id = level.queue_id AND m.priority < level.priority
					ORDER BY m.priority DESC LIMIT 1)
				FROM level WHERE level.priority IS NOT NULL),
			leased AS MATERIALIZED (
				SELECT m.id, false AS holds FROM level CROSS JOIN LATERAL (
					SELECT id, worker_id FROM pgqrs_messages
					WHERE queue_id = level.queue_id AND priority = level.priority AND visible_at <= statement_timestamp()
					ORDER BY visible_at
					LIMIT :limit) AS m
				WHERE m.worker_id IS NOT NULL
				UNION ALL
				SELECT m.id, true FROM level CROSS JOIN LATERAL (
					SELECT id, worker_id FROM pgqrs_messages
					WHERE queue_id = level.queue_id AND priority = level.priority AND visible_at > statement_timestamp()
					ORDER BY visible_at
					LIMIT :limit) AS m
				WHERE m.worker_id IS NOT NULL),
			moved AS MATERIALIZED (
				SELECT r.workflow, r.status, CASE WHEN leased.holds THEN 'RUNNING' ELSE 'QUEUED' END AS now
				FROM leased CROSS JOIN LATERAL (
					SELECT workflow, status, held FROM pgqrs_workflow_runs WHERE id = leased.id OFFSET 0) AS r
				WHERE r.status IN ('QUEUED', 'PAUSED') AND NOT r.held)
			SELECT figure.workflow, figure.status, least(sum(figure.count), :limit) AS count
			FROM (
				SELECT found.workflow, stored.status, runs.count
				FROM found
				CROSS JOIN unnest(ARRAY['QUEUED', 'PAUSED', 'CANCELLING', 'CANCELLED', 'SUCCESS', 'ERROR']) AS stored(status)
				CROSS JOIN LATERAL (
					SELECT count(*) FROM (
						SELECT 1 FROM pgqrs_workflow_runs r
						WHERE (r.workflow, r.status, r.id) > (found.workflow, stored.status, 0)
							AND (r.workflow, r.status, r.id) < (found.workflow, stored.status, 9223372036854775807)
						ORDER BY r.workflow, r.status, r.id
						LIMIT CASE WHEN stored.status IN ('QUEUED', 'PAUSED') THEN 2 ELSE 1 END * :limit) AS capped) AS runs
				WHERE found.workflow IS NOT NULL
				UNION ALL
				SELECT workflow, status, -1 FROM moved
				UNION ALL
				SELECT workflow, now, 1 FROM moved) AS figure
			GROUP BY figure.workflow, figure.status
			HAVING sum(figure.count) > 0
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
