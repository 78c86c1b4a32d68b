package io.pgqrs.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

import io.pgqrs.store.Lease;
import io.pgqrs.store.RunDirective;
import io.pgqrs.store.StepOutcome;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.store.jdbc.WorkflowRunRows;
import io.pgqrs.store.postgres.SharedStatement.Share;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Records steps in PostgreSQL; those of one moment in one statement. */
final class PostgresStepRecords {

	// The primary keys, as PostgresWorkflowStepStore says. The lock comes first: a claim
	// that runs at the same time either passes the message over, or is waited for and
	// then seen. What is complete is never written again. (SELECT :ids), as for the end
	// of runs.
	private static final String RECORD = """
			WITH run AS MATERIALIZED (
				SELECT step.*, m.attempts AS run_attempts, r.status AS run_status, r.held
				FROM unnest((SELECT :ids), (SELECT :counts), (SELECT :names), (SELECT :kinds), (SELECT :statuses),
						(SELECT :attempts), (SELECT :elapsed), (SELECT :delays), (SELECT :signals), (SELECT :outputs),
						(SELECT :errors)) WITH ORDINALITY
					AS step(run_id, delivery_count, name, kind, status, attempts, elapsed, delay, signal, output, error,
						position)
				JOIN pgqrs_messages m ON m.id = step.run_id AND m.delivery_count = step.delivery_count
					AND m.worker_id IS NOT NULL AND {indexed m}
				JOIN pgqrs_workflow_runs r ON r.id = step.run_id AND r.completed_at IS NULL AND {indexed r}
				FOR NO KEY UPDATE OF m {locked}),
			recorded AS (
				INSERT INTO pgqrs_workflow_steps AS s (run_id, name, kind, status, attempts, run_attempts,
					delivery_count, started_at, completed_at, wake_at, signal, output, error)
				SELECT run_id, name, kind, status, attempts, run_attempts, delivery_count,
					statement_timestamp() - elapsed * interval '1 millisecond',
					CASE WHEN status IN ('SUCCESS', 'ERROR') THEN statement_timestamp() END,
					statement_timestamp() + nullif(delay, -1) * interval '1 millisecond', signal,
					CAST(output AS json), CAST(error AS json)
				FROM run
				ON CONFLICT (run_id, name) DO UPDATE SET kind = excluded.kind, status = excluded.status,
					attempts = excluded.attempts, run_attempts = excluded.run_attempts,
					delivery_count = excluded.delivery_count, completed_at = excluded.completed_at,
					wake_at = excluded.wake_at, signal = excluded.signal, output = excluded.output,
					error = excluded.error
				WHERE s.completed_at IS NULL
				RETURNING s.run_id, s.name)
			SELECT run.position, run.run_status, run.held, recorded.run_id IS NOT NULL AS recorded
			FROM run LEFT JOIN recorded ON recorded.run_id = run.run_id AND recorded.name = run.name""";

	private static final String IS_RECORDED = """
			SELECT EXISTS (
				SELECT 1 FROM pgqrs_workflow_steps
				WHERE run_id = :run AND name = :name AND delivery_count = :count)""";

	private static final long NO_DELAY = -1;

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	private final SharedStatement<Step, Recorded> shared;

	private final String record;

	/** Leaves out those whose message somebody has locked. */
	private final String recordUnlocked;

	private final String isRecorded;

	PostgresStepRecords(JdbcClient jdbc, StoreTransactions transactions, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.record = schema.qualify(RECORD.replace("{locked}", ""));
		this.recordUnlocked = schema.qualify(RECORD.replace("{locked}", "SKIP LOCKED"));
		this.isRecorded = schema.qualify(IS_RECORDED);
		this.shared = new SharedStatement<>(this::recordTogether, this::recordAlone);
	}

	/**
	 * Records a step.
	 * @param signal that it waits for, or received; or null
	 * @return what is to become of the run
	 */
	RunDirective record(Lease lease, StepOutcome outcome, @Nullable String signal) {
		Step step = new Step(lease, outcome, signal);
		Recorded recorded = this.transactions.isNone() ? this.shared.execute(step) : recordAlone(step);
		return (recorded.anything() || isRecorded(step)) ? recorded.directive() : RunDirective.LOST;
	}

	private Recorded recordAlone(Step step) {
		Share<Recorded> share = record(this.record, List.of(step)).get(0);
		return (share != null) ? share.result() : Recorded.NOTHING;
	}

	private List<@Nullable Share<Recorded>> recordTogether(List<Step> steps) {
		return record(this.recordUnlocked, steps);
	}

	private List<@Nullable Share<Recorded>> record(String sql, List<Step> steps) {
		List<@Nullable Share<Recorded>> shares = new ArrayList<>(Collections.nCopies(steps.size(), null));
		this.jdbc.sql(sql)
			.param("ids", longs(steps, (step) -> step.lease().messageId()))
			.param("counts", ints(steps, (step) -> step.lease().deliveryCount()))
			.param("names", texts(steps, (step) -> step.outcome().name()))
			.param("kinds", texts(steps, (step) -> step.outcome().kind().name()))
			.param("statuses", texts(steps, (step) -> step.outcome().status()))
			.param("attempts", ints(steps, (step) -> step.outcome().attempts()))
			.param("elapsed", longs(steps, (step) -> step.outcome().elapsed().toMillis()))
			.param("delays", longs(steps, Step::delay))
			.param("signals", texts(steps, Step::signal))
			.param("outputs", texts(steps, (step) -> step.outcome().output()))
			.param("errors", texts(steps, (step) -> step.outcome().error()))
			.query((rs) -> {
				shares.set(rs.getInt("position") - 1, new Share<>(Recorded.of(rs)));
			});
		return shares;
	}

	private static long[] longs(List<Step> steps, ToLongFunction<Step> value) {
		return steps.stream().mapToLong(value).toArray();
	}

	private static int[] ints(List<Step> steps, ToIntFunction<Step> value) {
		return steps.stream().mapToInt(value).toArray();
	}

	private static @Nullable String[] texts(List<Step> steps, Function<Step, @Nullable String> value) {
		return steps.stream().map(value).toArray(String[]::new);
	}

	/** A holder that did not get its answer asks again. */
	private boolean isRecorded(Step step) {
		return this.jdbc.sql(this.isRecorded)
			.param("run", step.lease().messageId())
			.param("count", step.lease().deliveryCount())
			.param("name", step.outcome().name())
			.query(Boolean.class)
			.single();
	}

	/**
	 * A step to record.
	 *
	 * @param lease who holds its run
	 * @param outcome what came of it
	 * @param signal that it waits for, or received; or null
	 */
	private record Step(Lease lease, StepOutcome outcome, @Nullable String signal) {

		/** In milliseconds. What is over is due now. */
		long delay() {
			return (this.outcome.delay() != null) ? Math.max(0, this.outcome.delay().toMillis()) : NO_DELAY;
		}

	}

	/**
	 * What came of recording a step.
	 *
	 * @param directive what is to become of the run
	 * @param anything whether it was written, and not complete before
	 */
	private record Recorded(RunDirective directive, boolean anything) {

		static final Recorded NOTHING = new Recorded(RunDirective.LOST, true);

		static Recorded of(ResultSet rs) throws SQLException {
			return new Recorded(WorkflowRunRows.directive(rs.getString("run_status"), rs.getBoolean("held")),
					rs.getBoolean("recorded"));
		}

	}

}
