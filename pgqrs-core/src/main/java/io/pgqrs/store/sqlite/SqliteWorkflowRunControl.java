package io.pgqrs.store.sqlite;

import java.sql.Types;

import io.pgqrs.store.WorkflowStepStore;
import io.pgqrs.store.jdbc.StoreTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What is asked of a run from outside: at once if nobody holds its lease, else its holder
 * is told when it writes something down.
 */
final class SqliteWorkflowRunControl {

	// All of these are served by the primary keys of the runs, of their messages and of
	// their steps.

	private static final String CANCEL = """
			UPDATE pgqrs_workflow_runs
			SET status = CASE WHEN run.leased THEN 'CANCELLING' ELSE 'CANCELLED' END, held = 0,
				attempts = run.attempts, delivery_count = run.delivery_count, started_at = run.started_at,
				completed_at = CASE WHEN NOT run.leased THEN CAST(unixepoch('subsec') * 1000 AS INTEGER) END
			FROM (
				SELECT r.id AS run_id, coalesce(m.attempts, r.attempts) AS attempts,
					coalesce(m.delivery_count, r.delivery_count) AS delivery_count,
					coalesce(r.started_at, m.claimed_at) AS started_at,
					m.worker_id IS NOT NULL AND m.visible_at > CAST(unixepoch('subsec') * 1000 AS INTEGER) AS leased
				FROM pgqrs_workflow_runs r LEFT JOIN pgqrs_messages m ON m.id = r.id
				WHERE r.id = :id AND r.completed_at IS NULL) AS run
			WHERE id = run.run_id
			RETURNING status""";

	private static final String HOLD = """
			UPDATE pgqrs_workflow_runs SET held = 1, status = 'PAUSED'
			WHERE id = :id AND NOT held AND status <> 'CANCELLING' AND completed_at IS NULL""";

	private static final String PUT_OFF = """
			UPDATE pgqrs_messages
			SET visible_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) + :never, worker_id = NULL
			WHERE id = :id AND (worker_id IS NULL OR visible_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER))""";

	private static final String LET_GO = """
			UPDATE pgqrs_workflow_runs SET held = 0, status = 'QUEUED'
			WHERE id = :id AND held AND completed_at IS NULL""";

	// A run that was never delivered begins when it was to begin.
	private static final String WAKE = """
			UPDATE pgqrs_messages SET visible_at = max(CAST(unixepoch('subsec') * 1000 AS INTEGER),
				CASE WHEN delivery_count = 0
					THEN (SELECT r.visible_at FROM pgqrs_workflow_runs r WHERE r.id = :id) ELSE 0 END)
			WHERE id = :id AND worker_id IS NULL AND visible_at > CAST(unixepoch('subsec') * 1000 AS INTEGER)""";

	private static final String FORGET_FAILED_STEP = """
			DELETE FROM pgqrs_workflow_steps
			WHERE run_id = :id AND status <> 'SUCCESS' AND name = (
				SELECT r.error ->> 'step' FROM pgqrs_workflow_runs r
				WHERE r.id = :id AND r.status = 'ERROR'
					AND EXISTS (SELECT 1 FROM pgqrs_queues q WHERE q.name = :queue))""";

	// A trigger adds the message.
	private static final String RETRY = """
			UPDATE pgqrs_workflow_runs
			SET status = 'QUEUED', queue_id = q.id, attempts = 0, completed_at = NULL, output = NULL, error = NULL,
				visible_at = CAST(unixepoch('subsec') * 1000 AS INTEGER),
				deadline_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) + timeout_ms
			FROM pgqrs_queues q
			WHERE pgqrs_workflow_runs.id = :id AND status = 'ERROR' AND q.name = :queue""";

	private static final String FORGET_ATTEMPTS = """
			UPDATE pgqrs_workflow_steps
			SET run_attempts = 0, attempts = CASE WHEN completed_at IS NULL THEN 0 ELSE attempts END,
				wake_at = CASE WHEN status <> 'QUEUED' THEN wake_at END
			WHERE run_id = :id""";

	private static final String SEND = """
			INSERT INTO pgqrs_workflow_signals (run_id, name, created_at, payload)
			SELECT r.id, :name, CAST(unixepoch('subsec') * 1000 AS INTEGER), :payload FROM pgqrs_workflow_runs r
			WHERE r.id = :id AND r.completed_at IS NULL""";

	private static final String WAKE_WAITING = """
			UPDATE pgqrs_messages SET visible_at = CAST(unixepoch('subsec') * 1000 AS INTEGER)
			WHERE id = :id AND worker_id IS NULL AND visible_at > CAST(unixepoch('subsec') * 1000 AS INTEGER)
				AND EXISTS (SELECT 1 FROM pgqrs_workflow_runs r
					WHERE r.id = :id AND NOT r.held AND r.status <> 'CANCELLING')
				AND EXISTS (SELECT 1 FROM pgqrs_workflow_steps s
					WHERE s.run_id = :id AND s.signal = :name AND s.completed_at IS NULL)""";

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	SqliteWorkflowRunControl(JdbcClient jdbc, StoreTransactions transactions) {
		this.jdbc = jdbc;
		this.transactions = transactions;
	}

	@Nullable String cancel(long id) {
		return this.transactions
			.execute(() -> this.jdbc.sql(CANCEL).param("id", id).query(String.class).optional().orElse(null));
	}

	boolean pause(long id) {
		return this.transactions.execute(() -> {
			if (this.jdbc.sql(HOLD).param("id", id).update() == 0) {
				return false;
			}
			this.jdbc.sql(PUT_OFF).param("never", WorkflowStepStore.NEVER.toMillis()).param("id", id).update();
			return true;
		});
	}

	boolean resume(long id) {
		return this.transactions.execute(() -> {
			if (this.jdbc.sql(LET_GO).param("id", id).update() == 0) {
				return false;
			}
			this.jdbc.sql(WAKE).param("id", id).update();
			return true;
		});
	}

	boolean retry(long id, String queue) {
		return this.transactions.execute(() -> {
			this.jdbc.sql(FORGET_FAILED_STEP).param("id", id).param("queue", queue).update();
			if (this.jdbc.sql(RETRY).param("id", id).param("queue", queue).update() == 0) {
				return false;
			}
			this.jdbc.sql(FORGET_ATTEMPTS).param("id", id).update();
			return true;
		});
	}

	boolean signal(long id, String name, @Nullable String payload) {
		return this.transactions.execute(() -> {
			int sent = this.jdbc.sql(SEND)
				.param("id", id)
				.param("name", name)
				.param("payload", payload, Types.VARCHAR)
				.update();
			if (sent == 0) {
				return false;
			}
			this.jdbc.sql(WAKE_WAITING).param("id", id).param("name", name).update();
			return true;
		});
	}

}
