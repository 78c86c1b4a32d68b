package io.pgqrs.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
import io.pgqrs.store.jdbc.ClaimedRow;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.store.jdbc.WorkflowHistoryRow;
import io.pgqrs.store.jdbc.WorkflowRunRows;
import io.pgqrs.store.jdbc.WorkflowStepRows;
import io.pgqrs.store.postgres.PostgresSignals.Signal;
import io.pgqrs.store.postgres.SharedStatement.Share;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the holders of runs record in PostgreSQL. The row of the message is the lease: who
 * locks it and finds its own delivery count there keeps it until the transaction ends,
 * for a claim passes over locked rows.
 */
final class PostgresWorkflowStepStore implements WorkflowStepStore {

	// All of these are served by the primary keys: of the message and the run by its id,
	// of the step by the run and its name.

	private static final String CLAIM = """
			WITH due AS MATERIALIZED (
				SELECT m.id, m.visible_at FROM pgqrs_messages m
				WHERE m.id = :run AND m.visible_at <= statement_timestamp()
					AND EXISTS (SELECT 1 FROM pgqrs_workflow_runs r WHERE r.id = m.id AND r.completed_at IS NULL)
					AND EXISTS (SELECT 1 FROM pgqrs_queues q WHERE q.id = m.queue_id AND NOT q.paused)
				FOR UPDATE OF m SKIP LOCKED)
			UPDATE pgqrs_messages m
			SET visible_at = statement_timestamp() + :lease * interval '1 millisecond',
				claimed_at = coalesce(m.claimed_at, statement_timestamp()), delivery_count = m.delivery_count + 1,
				attempts = m.attempts + 1, worker_id = :worker
			FROM due WHERE m.id = due.id
			RETURNING m.id, m.delivery_count, m.attempts, m.priority, m.payload, m.headers, m.enqueued_at,
				due.visible_at AS due_at, statement_timestamp() AS leased_at, m.visible_at""";

	// Lease by lease, whatever the statistics say of a table that was empty when it was
	// analyzed: OFFSET keeps the planner from joining otherwise.
	private static final String HISTORIES = """
			SELECT run.* FROM unnest(:ids, :counts) AS lease(id, delivery_count) CROSS JOIN LATERAL (
				SELECT r.id AS run_id, r.status AS run_status, r.held,
					CAST(floor(1000 * extract(epoch FROM r.deadline_at - statement_timestamp())) AS bigint)
						AS run_time_left_ms,
					s.run_attempts, s.name, s.kind, s.status, s.attempts, s.output, s.error, s.started_at, s.completed_at,
					CAST(floor(1000 * extract(epoch FROM s.wake_at - statement_timestamp())) AS bigint) AS time_left_ms
				FROM pgqrs_messages m
				JOIN pgqrs_workflow_runs r ON r.id = m.id AND r.completed_at IS NULL
				LEFT JOIN pgqrs_workflow_steps s ON s.run_id = m.id
				WHERE m.id = lease.id AND m.delivery_count = lease.delivery_count AND m.worker_id IS NOT NULL
				OFFSET 0) AS run""";

	private static final String WAIT = """
			SELECT r.status, r.held, s.signal = :signal AS begun,
				s.signal = :signal AND s.wake_at <= statement_timestamp() AS over,
				s.completed_at IS NOT NULL AS complete, s.signal IS NOT NULL AS received, s.output
			FROM pgqrs_messages m JOIN pgqrs_workflow_runs r ON r.id = m.id AND r.completed_at IS NULL
			LEFT JOIN pgqrs_workflow_steps s ON s.run_id = m.id AND s.name = :name
			WHERE m.id = :run AND m.delivery_count = :count AND m.worker_id IS NOT NULL
			FOR NO KEY UPDATE OF m""";

	// A step that is not complete, but whose time has come, is waited for no longer: it
	// may be a sleep that is over. What was asked for while this waited for the message,
	// the update of the run sees.
	private static final String SUSPEND = """
			WITH lease AS MATERIALIZED (
				SELECT id FROM pgqrs_messages
				WHERE id = :run AND delivery_count = :count AND worker_id IS NOT NULL
				FOR NO KEY UPDATE),
			wait AS MATERIALIZED (
				SELECT s.kind, CASE WHEN EXISTS (
						SELECT 1 FROM pgqrs_workflow_signals g WHERE g.run_id = s.run_id AND g.name = s.signal)
					THEN statement_timestamp() ELSE s.wake_at END AS until
				FROM pgqrs_workflow_steps s
				WHERE s.run_id = :run AND s.completed_at IS NULL AND s.wake_at > statement_timestamp()
				ORDER BY until LIMIT 1),
			run AS (
				UPDATE pgqrs_workflow_runs r
				SET status = CASE WHEN r.status = 'CANCELLING' THEN r.status
					WHEN r.held OR wait.kind IN ('SLEEP', 'SIGNAL') AND wait.until > statement_timestamp() THEN 'PAUSED'
					ELSE 'QUEUED' END
				FROM lease LEFT JOIN wait ON true
				WHERE r.id = lease.id AND r.completed_at IS NULL
				RETURNING r.id, CASE WHEN r.status = 'CANCELLING' THEN statement_timestamp()
					WHEN r.held THEN 'infinity'
					ELSE greatest(statement_timestamp(),
						least(coalesce(wait.until, statement_timestamp()), r.deadline_at)) END AS due_at)
			UPDATE pgqrs_messages m SET visible_at = run.due_at, worker_id = NULL, attempts = m.attempts - 1
			FROM run WHERE m.id = run.id
			RETURNING CASE WHEN m.visible_at < 'infinity' THEN
				CAST(ceil(1000 * extract(epoch FROM m.visible_at - statement_timestamp())) AS bigint) END AS delay_ms""";

	// Locks the messages in the order of their ids, and each before its run. A message
	// without a run stays. (SELECT :ids), because a plan that is made for the arrays at
	// hand would look so much cheaper than one for any that each call would be planned
	// anew, which takes longer than the call.
	private static final String FINISH = """
			WITH held AS MATERIALIZED (
				SELECT ended.*, m.attempts, m.claimed_at
				FROM unnest((SELECT :ids), (SELECT :counts), (SELECT :statuses), (SELECT :outputs), (SELECT :errors))
						AS ended(id, delivery_count, status, output, error)
				CROSS JOIN LATERAL (
					SELECT m.attempts, m.claimed_at FROM pgqrs_messages m
					WHERE m.id = ended.id AND m.delivery_count = ended.delivery_count AND m.worker_id IS NOT NULL
						AND {indexed m}
						AND EXISTS (
							SELECT 1 FROM pgqrs_workflow_runs r
							WHERE r.id = ended.id AND r.completed_at IS NULL AND {indexed r})
					FOR UPDATE OF m {locked}) AS m),
			gone AS (
				DELETE FROM pgqrs_messages m WHERE m.id = ANY (ARRAY(SELECT id FROM held)) AND {indexed m})
			UPDATE pgqrs_workflow_runs r
			SET status = CASE WHEN r.status = 'CANCELLING' THEN 'CANCELLED' ELSE held.status END,
				output = CASE WHEN r.status <> 'CANCELLING' THEN CAST(held.output AS json) END,
				error = CASE WHEN r.status <> 'CANCELLING' THEN CAST(held.error AS json) END,
				held = false, attempts = held.attempts, delivery_count = held.delivery_count,
				started_at = coalesce(r.started_at, held.claimed_at), completed_at = statement_timestamp()
			FROM held
			WHERE r.id = held.id AND {indexed r}
			RETURNING r.id, r.delivery_count, r.status""";

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	private final PostgresSignals signals;

	private final PostgresStepRecords records;

	private final SharedStatement<RunEnd, @Nullable String> ends;

	private final String claim;

	private final String histories;

	private final String wait;

	private final String suspend;

	private final String finish;

	/** Leaves out those whose message somebody has locked. */
	private final String finishUnlocked;

	PostgresWorkflowStepStore(JdbcClient jdbc, StoreTransactions transactions, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.signals = new PostgresSignals(jdbc, transactions, schema);
		this.records = new PostgresStepRecords(jdbc, transactions, schema);
		this.claim = schema.qualify(CLAIM);
		this.histories = schema.qualify(HISTORIES);
		this.wait = schema.qualify(WAIT);
		this.suspend = schema.qualify(SUSPEND);
		this.finish = schema.qualify(FINISH.replace("{locked}", ""));
		this.finishUnlocked = schema.qualify(FINISH.replace("{locked}", "SKIP LOCKED"));
		this.ends = new SharedStatement<>(this::finishTogether, this::finishAlone);
	}

	@Override
	public @Nullable ClaimedMessage claim(long runId, long workerId, Duration visibilityTimeout) {
		return this.jdbc.sql(this.claim)
			.param("run", runId)
			.param("lease", visibilityTimeout.toMillis())
			.param("worker", workerId)
			.query(new ClaimedRowMapper())
			.optional()
			.map(ClaimedRow::message)
			.orElse(null);
	}

	@Override
	public Map<Long, RunHistory> histories(Collection<Lease> leases) {
		List<WorkflowHistoryRow> rows = this.jdbc.sql(this.histories)
			.param("ids", leases.stream().mapToLong(Lease::messageId).toArray())
			.param("counts", leases.stream().mapToInt(Lease::deliveryCount).toArray())
			.query(PostgresWorkflowRows::history)
			.list();
		return WorkflowHistoryRow.histories(rows);
	}

	@Override
	public RunDirective record(Lease lease, StepOutcome step) {
		return this.records.record(lease, step, null);
	}

	@Override
	public SignalReceipt receive(Lease lease, String step, String signal, Duration timeout) {
		return this.signals.withoutSenders(lease.messageId(), () -> this.jdbc.sql(this.wait)
			.param("run", lease.messageId())
			.param("count", lease.deliveryCount())
			.param("name", step)
			.param("signal", signal)
			.query(Wait::of)
			.optional()
			.map((wait) -> (wait.receipt() != null) ? wait.receipt() : receive(lease, step, signal, timeout, wait))
			.orElse(new SignalReceipt(State.WAITING, null, RunDirective.LOST)));
	}

	private SignalReceipt receive(Lease lease, String step, String signal, Duration timeout, Wait wait) {
		Signal taken = this.signals.take(lease.messageId(), signal);
		if (taken != null) {
			this.records.record(lease, new StepOutcome(step, StepKind.SIGNAL, RunRecord.SUCCESS, 1, taken.payload(),
					null, Duration.ZERO, null), signal);
			return new SignalReceipt(State.RECEIVED, taken.payload(), wait.directive());
		}
		if (wait.over() || (!wait.begun() && timeout.toMillis() <= 0)) {
			this.records.record(lease,
					new StepOutcome(step, StepKind.SIGNAL, RunRecord.SUCCESS, 1, null, null, Duration.ZERO, null),
					null);
			return new SignalReceipt(State.TIMED_OUT, null, wait.directive());
		}
		if (!wait.begun()) {
			this.records.record(lease,
					new StepOutcome(step, StepKind.SIGNAL, RunRecord.PAUSED, 0, null, null, Duration.ZERO, timeout),
					signal);
		}
		return new SignalReceipt(State.WAITING, null, wait.directive());
	}

	@Override
	public @Nullable Duration suspend(Lease lease) {
		return this.signals.withoutSenders(lease.messageId(),
				() -> this.jdbc.sql(this.suspend)
					.param("run", lease.messageId())
					.param("count", lease.deliveryCount())
					.query((rs, index) -> Objects.requireNonNullElse(WorkflowStepRows.millis(rs, "delay_ms"), NEVER))
					.optional()
					.orElse(null));
	}

	@Override
	public Map<Long, String> end(Collection<RunEnd> ends) {
		if (ends.size() == 1 && this.transactions.isNone()) {
			RunEnd end = ends.iterator().next();
			String status = this.ends.execute(end);
			return (status != null) ? Map.of(end.lease().messageId(), status) : Map.of();
		}
		Map<Long, String> ended = new HashMap<>();
		finish(ends, this.finish).forEach((lease, status) -> ended.put(lease.messageId(), status));
		return ended;
	}

	private @Nullable String finishAlone(RunEnd end) {
		return finish(List.of(end), this.finish).get(end.lease());
	}

	private List<@Nullable Share<@Nullable String>> finishTogether(List<RunEnd> ends) {
		Map<Lease, String> ended = finish(ends, this.finishUnlocked);
		List<@Nullable Share<@Nullable String>> shares = new ArrayList<>();
		for (RunEnd end : ends) {
			String status = ended.get(end.lease());
			shares.add((status != null) ? new Share<>(status) : null);
		}
		return shares;
	}

	private Map<Lease, String> finish(Collection<RunEnd> ends, String sql) {
		List<RunEnd> sorted = ends.stream().sorted(Comparator.comparingLong((end) -> end.lease().messageId())).toList();
		Map<Lease, String> ended = new HashMap<>();
		this.jdbc.sql(sql)
			.param("ids", sorted.stream().mapToLong((end) -> end.lease().messageId()).toArray())
			.param("counts", sorted.stream().mapToInt((end) -> end.lease().deliveryCount()).toArray())
			.param("statuses", sorted.stream().map(RunEnd::status).toArray(String[]::new))
			.param("outputs", sorted.stream().map(RunEnd::output).toArray(String[]::new))
			.param("errors", sorted.stream().map(RunEnd::error).toArray(String[]::new))
			.query((rs) -> {
				ended.put(new Lease(rs.getLong("id"), rs.getInt("delivery_count")), rs.getString("status"));
			});
		return ended;
	}

	/**
	 * A step that waits for a signal.
	 *
	 * @param directive what is to become of the run
	 * @param begun whether it is recorded that it waits
	 * @param over whether the time is up
	 * @param receipt what came of it, or null if it is not complete
	 */
	private record Wait(RunDirective directive, boolean begun, boolean over, @Nullable SignalReceipt receipt) {

		static Wait of(ResultSet rs, int index) throws SQLException {
			RunDirective directive = WorkflowRunRows.directive(rs.getString("status"), rs.getBoolean("held"));
			State state = rs.getBoolean("received") ? State.RECEIVED : State.TIMED_OUT;
			return new Wait(directive, rs.getBoolean("begun"), rs.getBoolean("over"),
					rs.getBoolean("complete") ? new SignalReceipt(state, rs.getString("output"), directive) : null);
		}

	}

}
