package io.pgqrs.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.pgqrs.store.ClaimedMessage;
import io.pgqrs.store.Lease;
import io.pgqrs.store.RunDirective;
import io.pgqrs.store.RunEnd;
import io.pgqrs.store.RunHistory;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.SignalReceipt;
import io.pgqrs.store.SignalReceipt.State;
import io.pgqrs.store.StepKind;
import io.pgqrs.store.StepOutcome;
import io.pgqrs.store.WorkflowStepStore;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.store.jdbc.WorkflowHistoryRow;
import io.pgqrs.store.jdbc.WorkflowStepRows;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Steps in SQLite, fenced by the lease of the run's message. */
final class SqliteWorkflowStepStore implements WorkflowStepStore {

	// All of these are served by the primary keys of messages, runs and steps (run_id,
	// name), once for each lease, and by pgqrs_workflow_signals_run (run_id, name, id).

	private static final String CLAIM = """
			UPDATE pgqrs_messages
			SET due_at = visible_at, visible_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) + :lease,
				claimed_at = coalesce(claimed_at, CAST(unixepoch('subsec') * 1000 AS INTEGER)),
				delivery_count = delivery_count + 1, attempts = attempts + 1, worker_id = :worker
			WHERE id = :id AND visible_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER)
				AND EXISTS (SELECT 1 FROM pgqrs_workflow_runs r WHERE r.id = :id AND r.completed_at IS NULL)
				AND EXISTS (SELECT 1 FROM pgqrs_queues q WHERE q.id = pgqrs_messages.queue_id AND NOT q.paused)
			RETURNING id, delivery_count, attempts, priority, payload, headers, enqueued_at, due_at,
				CAST(unixepoch('subsec') * 1000 AS INTEGER) AS leased_at, visible_at""";

	private static final String HISTORIES = """
			SELECT r.id AS run_id, r.status AS run_status, r.held,
				r.deadline_at - CAST(unixepoch('subsec') * 1000 AS INTEGER) AS run_time_left_ms,
				s.name, s.kind, s.status, s.attempts, s.run_attempts, s.output, s.error,
				s.wake_at - CAST(unixepoch('subsec') * 1000 AS INTEGER) AS time_left_ms, s.started_at, s.completed_at
			FROM json_each(:leases) AS lease CROSS JOIN pgqrs_messages m CROSS JOIN pgqrs_workflow_runs r
				LEFT JOIN pgqrs_workflow_steps s ON s.run_id = r.id
			WHERE m.id = lease.value ->> 0 AND m.delivery_count = lease.value ->> 1 AND m.worker_id IS NOT NULL
				AND r.id = m.id AND r.completed_at IS NULL""";

	// Leaves a step that is complete as it is, and returns nothing then.
	private static final String RECORD = """
			INSERT INTO pgqrs_workflow_steps (run_id, name, kind, status, attempts, run_attempts, delivery_count,
				started_at, completed_at, wake_at, signal, output, error)
			SELECT r.id, :name, :kind, :status, :attempts, m.attempts, m.delivery_count,
				CAST(unixepoch('subsec') * 1000 AS INTEGER) - :elapsed,
				CASE WHEN :status IN ('SUCCESS', 'ERROR') THEN CAST(unixepoch('subsec') * 1000 AS INTEGER) END,
				CAST(unixepoch('subsec') * 1000 AS INTEGER) + :delay, :signal, :output, :error
			FROM pgqrs_messages m CROSS JOIN pgqrs_workflow_runs r
			WHERE m.id = :id AND m.delivery_count = :deliveryCount AND m.worker_id IS NOT NULL
				AND r.id = m.id AND r.completed_at IS NULL
			ON CONFLICT (run_id, name) DO UPDATE
			SET kind = excluded.kind, status = excluded.status, attempts = excluded.attempts,
				run_attempts = excluded.run_attempts, delivery_count = excluded.delivery_count,
				completed_at = excluded.completed_at, wake_at = excluded.wake_at, signal = excluded.signal,
				output = excluded.output, error = excluded.error
			WHERE completed_at IS NULL
			RETURNING (SELECT r.status FROM pgqrs_workflow_runs r WHERE r.id = run_id) AS run_status,
				(SELECT r.held FROM pgqrs_workflow_runs r WHERE r.id = run_id) AS held""";

	private static final String FIND_RECORDED = """
			SELECT r.status AS run_status, r.held
			FROM pgqrs_messages m CROSS JOIN pgqrs_workflow_runs r CROSS JOIN pgqrs_workflow_steps s
			WHERE m.id = :id AND m.delivery_count = :deliveryCount AND m.worker_id IS NOT NULL
				AND r.id = m.id AND r.completed_at IS NULL
				AND s.run_id = m.id AND s.name = :name AND s.delivery_count = m.delivery_count""";

	private static final String FIND_WAIT = """
			SELECT r.status AS run_status, r.held, s.completed_at IS NOT NULL AS complete, s.signal IS NOT NULL AS received,
				s.output, coalesce(s.signal = :signal, false) AS begun,
				coalesce(s.signal = :signal AND s.wake_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER), false) AS over
			FROM pgqrs_messages m CROSS JOIN pgqrs_workflow_runs r
				LEFT JOIN pgqrs_workflow_steps s ON s.run_id = m.id AND s.name = :step
			WHERE m.id = :id AND m.delivery_count = :deliveryCount AND m.worker_id IS NOT NULL
				AND r.id = m.id AND r.completed_at IS NULL""";

	// The oldest one.
	private static final String TAKE_SIGNAL = """
			DELETE FROM pgqrs_workflow_signals
			WHERE id = (SELECT s.id FROM pgqrs_workflow_signals s
				WHERE s.run_id = :id AND s.name = :signal
				ORDER BY s.id LIMIT 1)
			RETURNING payload""";

	// A step that may go on already, such as a sleep that is over, is not waited for.
	private static final String FIND_FIRST_DUE = """
			SELECT r.status AS run_status, r.held,
				r.deadline_at - CAST(unixepoch('subsec') * 1000 AS INTEGER) AS run_time_left_ms,
				s.kind, s.wake_at - CAST(unixepoch('subsec') * 1000 AS INTEGER) AS time_left_ms,
				EXISTS (SELECT 1 FROM pgqrs_workflow_steps w CROSS JOIN pgqrs_workflow_signals g
					WHERE w.run_id = m.id AND w.completed_at IS NULL AND g.run_id = m.id AND g.name = w.signal) AS signalled
			FROM pgqrs_messages m CROSS JOIN pgqrs_workflow_runs r
				LEFT JOIN pgqrs_workflow_steps s ON s.run_id = m.id AND s.completed_at IS NULL
					AND s.wake_at > CAST(unixepoch('subsec') * 1000 AS INTEGER)
			WHERE m.id = :id AND m.delivery_count = :deliveryCount AND m.worker_id IS NOT NULL
				AND r.id = m.id AND r.completed_at IS NULL
			ORDER BY s.wake_at
			LIMIT 1""";

	private static final String GIVE_BACK = """
			UPDATE pgqrs_messages
			SET visible_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) + :delay, worker_id = NULL,
				attempts = attempts - 1
			WHERE id = :id""";

	private static final String SET_STATUS = """
			UPDATE pgqrs_workflow_runs SET status = :status WHERE id = :id AND status <> 'CANCELLING'""";

	// A trigger deletes the messages.
	private static final String FINISH = """
			UPDATE pgqrs_workflow_runs
			SET status = CASE WHEN status = 'CANCELLING' THEN 'CANCELLED' ELSE ended.end_status END,
				output = CASE WHEN status <> 'CANCELLING' THEN ended.end_output END,
				error = CASE WHEN status <> 'CANCELLING' THEN ended.end_error END, held = 0,
				attempts = ended.attempts, delivery_count = ended.delivery_count,
				started_at = coalesce(started_at, ended.claimed_at),
				completed_at = CAST(unixepoch('subsec') * 1000 AS INTEGER)
			FROM (
				SELECT m.id AS message_id, m.attempts, m.delivery_count, m.claimed_at, held.value ->> 2 AS end_status,
					held.value ->> 3 AS end_output, held.value ->> 4 AS end_error
				FROM json_each(:ends) AS held CROSS JOIN pgqrs_messages m
				WHERE m.id = held.value ->> 0 AND m.delivery_count = held.value ->> 1 AND m.worker_id IS NOT NULL)
				AS ended
			WHERE id = ended.message_id AND completed_at IS NULL
			RETURNING id, status""";

	private static final SignalReceipt NOT_HELD = new SignalReceipt(State.WAITING, null, RunDirective.LOST);

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	SqliteWorkflowStepStore(JdbcClient jdbc, StoreTransactions transactions) {
		this.jdbc = jdbc;
		this.transactions = transactions;
	}

	@Override
	public @Nullable ClaimedMessage claim(long runId, long workerId, Duration visibilityTimeout) {
		return this.transactions.execute(() -> this.jdbc.sql(CLAIM)
			.param("id", runId)
			.param("worker", workerId)
			.param("lease", visibilityTimeout.toMillis())
			.query(SqliteClaimer::message)
			.optional()
			.orElse(null));
	}

	@Override
	public Map<Long, RunHistory> histories(Collection<Lease> leases) {
		List<long[]> rows = leases.stream()
			.map((lease) -> new long[] { lease.messageId(), lease.deliveryCount() })
			.toList();
		return WorkflowHistoryRow.histories(this.jdbc.sql(HISTORIES)
			.param("leases", PayloadJson.writePlain(rows))
			.query(SqliteWorkflowRows::history)
			.list());
	}

	@Override
	public RunDirective record(Lease lease, StepOutcome step) {
		return this.transactions.execute(
				() -> write(lease, step, null).or(() -> findRecorded(lease, step.name())).orElse(RunDirective.LOST));
	}

	private Optional<RunDirective> write(Lease lease, StepOutcome step, @Nullable String signal) {
		return fenced(RECORD, lease).param("name", step.name())
			.param("kind", step.kind().name())
			.param("status", step.status())
			.param("attempts", step.attempts())
			.param("output", step.output(), Types.VARCHAR)
			.param("error", step.error(), Types.VARCHAR)
			.param("elapsed", step.elapsed().toMillis())
			.param("delay", (step.delay() != null) ? step.delay().toMillis() : null, Types.BIGINT)
			.param("signal", signal, Types.VARCHAR)
			.query(SqliteWorkflowRows::directive)
			.optional();
	}

	/**
	 * What was recorded under the same lease was recorded by this very call, once before.
	 */
	private Optional<RunDirective> findRecorded(Lease lease, String name) {
		return fenced(FIND_RECORDED, lease).param("name", name).query(SqliteWorkflowRows::directive).optional();
	}

	@Override
	public SignalReceipt receive(Lease lease, String step, String signal, Duration timeout) {
		return this.transactions.execute(() -> fenced(FIND_WAIT, lease).param("step", step)
			.param("signal", signal)
			.query(Waiting::of)
			.optional()
			.map((waiting) -> (waiting.receipt() != null) ? waiting.receipt()
					: receive(lease, step, signal, timeout, waiting))
			.orElse(NOT_HELD));
	}

	private SignalReceipt receive(Lease lease, String step, String signal, Duration timeout, Waiting waiting) {
		Optional<Payload> payload = this.jdbc.sql(TAKE_SIGNAL)
			.param("id", lease.messageId())
			.param("signal", signal)
			.query((rs, index) -> new Payload(rs.getString("payload")))
			.optional();
		if (payload.isPresent()) {
			write(lease, received(step, payload.get().json()), signal);
			return new SignalReceipt(State.RECEIVED, payload.get().json(), waiting.directive());
		}
		if (waiting.over() || (!waiting.begun() && timeout.toMillis() <= 0)) {
			write(lease, received(step, null), null);
			return new SignalReceipt(State.TIMED_OUT, null, waiting.directive());
		}
		if (!waiting.begun()) {
			write(lease,
					new StepOutcome(step, StepKind.SIGNAL, RunRecord.PAUSED, 0, null, null, Duration.ZERO, timeout),
					signal);
		}
		return new SignalReceipt(State.WAITING, null, waiting.directive());
	}

	private static StepOutcome received(String step, @Nullable String output) {
		return new StepOutcome(step, StepKind.SIGNAL, RunRecord.SUCCESS, 1, output, null, Duration.ZERO, null);
	}

	@Override
	public @Nullable Duration suspend(Lease lease) {
		return this.transactions.execute(() -> {
			Suspension suspension = fenced(FIND_FIRST_DUE, lease).query(SqliteWorkflowStepStore::suspension)
				.optional()
				.orElse(null);
			if (suspension == null) {
				return null;
			}
			this.jdbc.sql(GIVE_BACK)
				.param("id", lease.messageId())
				.param("delay", suspension.delay().toMillis())
				.update();
			this.jdbc.sql(SET_STATUS).param("id", lease.messageId()).param("status", suspension.status()).update();
			return suspension.delay();
		});
	}

	private static Suspension suspension(ResultSet rs, int index) throws SQLException {
		return switch (SqliteWorkflowRows.directive(rs, index)) {
			case CANCEL -> new Suspension(RunRecord.CANCELLING, Duration.ZERO);
			case PAUSE -> new Suspension(RunRecord.PAUSED, NEVER);
			default -> untilDue(rs);
		};
	}

	private static Suspension untilDue(ResultSet rs) throws SQLException {
		Duration delay = WorkflowStepRows.millis(rs, "time_left_ms");
		if (delay == null || rs.getBoolean("signalled")) {
			return new Suspension(RunRecord.QUEUED, Duration.ZERO);
		}
		Duration limit = WorkflowStepRows.millis(rs, "run_time_left_ms");
		if (limit != null && limit.compareTo(delay) < 0) {
			delay = limit.isNegative() ? Duration.ZERO : limit;
		}
		boolean retries = StepKind.STEP.name().equals(rs.getString("kind"));
		return new Suspension(retries ? RunRecord.QUEUED : RunRecord.PAUSED, delay);
	}

	@Override
	public Map<Long, String> end(Collection<RunEnd> ends) {
		List<Object[]> rows = ends.stream()
			.map((end) -> new Object[] { end.lease().messageId(), end.lease().deliveryCount(), end.status(),
					end.output(), end.error() })
			.toList();
		return this.transactions.execute(() -> {
			Map<Long, String> ended = new HashMap<>();
			this.jdbc.sql(FINISH).param("ends", PayloadJson.writePlain(rows)).query((rs) -> {
				ended.put(rs.getLong("id"), rs.getString("status"));
			});
			return ended;
		});
	}

	private JdbcClient.StatementSpec fenced(String sql, Lease lease) {
		return this.jdbc.sql(sql).param("id", lease.messageId()).param("deliveryCount", lease.deliveryCount());
	}

	/**
	 * A step that waits for a signal. One that timed out names no signal any more.
	 *
	 * @param directive what is to become of the run
	 * @param begun whether it is recorded that it waits
	 * @param over whether its time is up
	 * @param receipt what came of it, or null if it is not complete
	 */
	private record Waiting(RunDirective directive, boolean begun, boolean over, @Nullable SignalReceipt receipt) {

		static Waiting of(ResultSet rs, int index) throws SQLException {
			RunDirective directive = SqliteWorkflowRows.directive(rs, index);
			State state = rs.getBoolean("received") ? State.RECEIVED : State.TIMED_OUT;
			return new Waiting(directive, rs.getBoolean("begun"), rs.getBoolean("over"),
					rs.getBoolean("complete") ? new SignalReceipt(state, rs.getString("output"), directive) : null);
		}

	}

	/**
	 * What a signal brings.
	 *
	 * @param json the payload, or null
	 */
	private record Payload(@Nullable String json) {
	}

	/**
	 * How a run is given back.
	 *
	 * @param status what it is meanwhile
	 * @param delay until it is due
	 */
	private record Suspension(String status, Duration delay) {
	}

}
