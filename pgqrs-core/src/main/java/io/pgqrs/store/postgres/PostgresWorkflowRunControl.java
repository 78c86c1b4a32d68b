package io.pgqrs.store.postgres;

import io.pgqrs.store.NewRun;
import io.pgqrs.store.jdbc.IdRows;
import io.pgqrs.store.jdbc.StoreTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What is asked of a run from outside: done at once if nobody holds its lease, else its
 * holder is told. The message is locked before the run, as its holder does it: nobody
 * waits crosswise. A run that was changed while a statement waited for the message is
 * seen as it is then, for an update looks again.
 */
final class PostgresWorkflowRunControl {

	// All of these are served by the primary keys. An outer join: a run whose message is
	// gone, as after a purge of its queue, is held by nobody.

	private static final String CANCEL = """
			WITH message AS MATERIALIZED (
				SELECT m.id, m.attempts, m.delivery_count, m.claimed_at,
					m.worker_id IS NOT NULL AND m.visible_at > statement_timestamp() AS leased
				FROM pgqrs_messages m JOIN pgqrs_workflow_runs r ON r.id = m.id AND r.completed_at IS NULL
				WHERE m.id = :id
				FOR UPDATE OF m),
			asked AS (
				UPDATE pgqrs_workflow_runs r SET status = 'CANCELLING', held = false
				FROM message
				WHERE r.id = message.id AND r.completed_at IS NULL AND message.leased
				RETURNING r.id, r.status),
			ended AS (
				UPDATE pgqrs_workflow_runs r
				SET status = 'CANCELLED', held = false, attempts = coalesce(message.attempts, r.attempts),
					delivery_count = coalesce(message.delivery_count, r.delivery_count),
					started_at = coalesce(r.started_at, message.claimed_at), completed_at = statement_timestamp()
				FROM (SELECT CAST(:id AS bigint) AS id) AS this LEFT JOIN message ON message.id = this.id
				WHERE r.id = this.id AND r.completed_at IS NULL AND message.leased IS NOT TRUE
				RETURNING r.id, r.status),
			gone AS (
				DELETE FROM pgqrs_messages m USING ended WHERE m.id = ended.id)
			SELECT status FROM asked UNION ALL SELECT status FROM ended""";

	private static final String PAUSE = """
			WITH message AS MATERIALIZED (
				SELECT m.id, m.worker_id IS NOT NULL AND m.visible_at > statement_timestamp() AS leased
				FROM pgqrs_messages m JOIN pgqrs_workflow_runs r ON r.id = m.id AND r.completed_at IS NULL
				WHERE m.id = :id
				FOR NO KEY UPDATE OF m),
			run AS (
				UPDATE pgqrs_workflow_runs r SET held = true, status = 'PAUSED'
				FROM (SELECT CAST(:id AS bigint) AS id) AS this LEFT JOIN message ON message.id = this.id
				WHERE r.id = this.id AND r.completed_at IS NULL AND NOT r.held AND r.status <> 'CANCELLING'
				RETURNING r.id, message.leased),
			put_off AS (
				UPDATE pgqrs_messages m SET visible_at = 'infinity', worker_id = NULL
				FROM run WHERE m.id = run.id AND NOT run.leased)
			SELECT id FROM run""";

	private static final String RESUME = """
			WITH message AS MATERIALIZED (
				SELECT m.id, m.worker_id IS NOT NULL AND m.visible_at > statement_timestamp() AS leased
				FROM pgqrs_messages m JOIN pgqrs_workflow_runs r ON r.id = m.id AND r.completed_at IS NULL
				WHERE m.id = :id
				FOR NO KEY UPDATE OF m),
			run AS (
				UPDATE pgqrs_workflow_runs r SET held = false, status = 'QUEUED'
				FROM (SELECT CAST(:id AS bigint) AS id) AS this LEFT JOIN message ON message.id = this.id
				WHERE r.id = this.id AND r.completed_at IS NULL AND r.held
				RETURNING r.id, r.due_at, message.leased),
			due AS (
				UPDATE pgqrs_messages m SET visible_at = greatest(statement_timestamp(), run.due_at)
				FROM run WHERE m.id = run.id AND NOT run.leased)
			SELECT id FROM run""";

	// Of two at the same time the second one waits, and then finds no error. A step is
	// either forgotten or changed: one statement cannot do both to a row. A run that was
	// started before the third migration, or by a process from then, has no headers.
	private static final String RETRY = """
			WITH failed AS MATERIALIZED (
				SELECT r.id, r.error ->> 'step' AS step, q.id AS queue_id
				FROM pgqrs_workflow_runs r CROSS JOIN pgqrs_queues q
				WHERE r.id = :id AND r.status = 'ERROR' AND q.name = :queue
				FOR NO KEY UPDATE OF r),
			run AS (
				UPDATE pgqrs_workflow_runs r
				SET status = 'QUEUED', attempts = 0, completed_at = NULL, output = NULL, error = NULL,
					deadline_at = statement_timestamp() + r.timeout_ms * interval '1 millisecond'
				FROM failed WHERE r.id = failed.id
				RETURNING r.*, failed.queue_id),
			forgotten AS (
				DELETE FROM pgqrs_workflow_steps s USING failed
				WHERE s.run_id = failed.id AND s.name = failed.step AND s.status <> 'SUCCESS'),
			kept AS (
				UPDATE pgqrs_workflow_steps s
				SET run_attempts = 0, attempts = CASE WHEN s.completed_at IS NULL THEN 0 ELSE s.attempts END,
					wake_at = CASE WHEN s.status <> 'QUEUED' THEN s.wake_at END
				FROM failed
				WHERE s.run_id = failed.id AND (s.name IS DISTINCT FROM failed.step OR s.status = 'SUCCESS'))
			INSERT INTO pgqrs_messages (id, visible_at, enqueued_at, queue_id, priority, delivery_count, headers, payload)
			SELECT id, statement_timestamp(), created_at, queue_id, priority, delivery_count,
				CASE WHEN timeout_ms IS NOT NULL
					THEN coalesce(headers, '{}') || jsonb_build_object(CAST(:timeoutHeader AS text), CAST(timeout_ms AS text))
					ELSE headers END,
				CAST(coalesce(input, 'null') AS jsonb)
			FROM run
			RETURNING id""";

	private final JdbcClient jdbc;

	private final PostgresSchema schema;

	private final PostgresSignals signals;

	PostgresWorkflowRunControl(JdbcClient jdbc, StoreTransactions transactions, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.schema = schema;
		this.signals = new PostgresSignals(jdbc, transactions, schema);
	}

	@Nullable String cancel(long id) {
		return sql(CANCEL).param("id", id).query(String.class).optional().orElse(null);
	}

	boolean pause(long id) {
		return sql(PAUSE).param("id", id).query(IdRows::id).optional().isPresent();
	}

	boolean resume(long id) {
		return sql(RESUME).param("id", id).query(IdRows::id).optional().isPresent();
	}

	boolean retry(long id, String queue) {
		return sql(RETRY).param("id", id)
			.param("queue", queue)
			.param("timeoutHeader", NewRun.TIMEOUT_HEADER)
			.query(IdRows::id)
			.optional()
			.isPresent();
	}

	boolean signal(long id, String name, @Nullable String payload) {
		return this.signals.send(id, name, payload);
	}

	private JdbcClient.StatementSpec sql(String sql) {
		return this.jdbc.sql(this.schema.qualify(sql));
	}

}
