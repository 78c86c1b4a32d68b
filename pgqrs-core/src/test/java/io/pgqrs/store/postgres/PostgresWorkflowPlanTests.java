package io.pgqrs.store.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.pgqrs.store.Lease;
import io.pgqrs.store.NewRun;
import io.pgqrs.store.RunEnd;
import io.pgqrs.store.RunFilter;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.WorkflowStoreContract;
import io.pgqrs.test.StatementLog;
import io.pgqrs.test.StatementLog.Parameter;
import io.pgqrs.test.TestDatabase;
import io.pgqrs.test.TestPostgres;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What statements of workflows cost among many runs, steps and signals, in pages. */
class PostgresWorkflowPlanTests extends WorkflowStoreContract {

	private static final int RUNS = 30_000;

	private final StatementLog log = new StatementLog();

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres(this.log::wrap);
	}

	@BeforeAll
	void fill() {
		this.database.sql("""
				INSERT INTO pgqrs_workflow_runs (id, workflow, key, status, priority, completed_at)
				SELECT i, 'workflow' || i % 7, 'key' || i,
					CASE WHEN i % 20 = 0 THEN 'ERROR' WHEN i % 10 = 7 THEN 'QUEUED' ELSE 'SUCCESS' END, 0,
					CASE WHEN i % 10 <> 7 THEN statement_timestamp() END
				FROM generate_series(1, :runs) AS i""").param("runs", RUNS).update();
		this.database.sql("""
				INSERT INTO pgqrs_messages (id, queue_id, visible_at, payload)
				SELECT id, 0, statement_timestamp(), '1' FROM pgqrs_workflow_runs WHERE completed_at IS NULL""")
			.update();
		this.database.sql("""
				INSERT INTO pgqrs_workflow_steps (run_id, name, kind, status, attempts, run_attempts, delivery_count,
					started_at, completed_at, output)
				SELECT r.id, 'step' || i, 'STEP', 'SUCCESS', 1, 1, 1, statement_timestamp(), statement_timestamp(), '1'
				FROM pgqrs_workflow_runs r CROSS JOIN generate_series(1, 3) AS i""").update();
		this.database.sql("""
				INSERT INTO pgqrs_workflow_signals (run_id, name, payload)
				SELECT id, 'signal', '1' FROM pgqrs_workflow_runs""").update();
		this.database.sql("SELECT setval(pg_get_serial_sequence('pgqrs_messages', 'id'), :runs)")
			.param("runs", RUNS)
			.query((rs) -> {
			});
		for (String table : List.of("pgqrs_messages", "pgqrs_workflow_runs", "pgqrs_workflow_steps",
				"pgqrs_workflow_signals")) {
			this.database.sql("ANALYZE " + table).update();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void aStartLooksForItsKeyInTheIndex(String mode) {
		assertIsCheap(() -> start(newRun("key")), mode, 120);
		assertIsCheap(() -> start(new NewRun("workflow5", this.queue, "key12", "1", 0, null, null, null, null)), mode,
				20);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void aStepIsRecordedByThePrimaryKeys(String mode) {
		Lease lease = startAndClaim();
		assertIsCheap(() -> record(lease, "step"), mode, 50);
		this.steps.record(lease, again("again", 1, LEASE));
		assertIsCheap(() -> record(lease, "again"), mode, 50);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void theHistoriesOfFiftyAreReadByThePrimaryKeys(String mode) {
		List<Lease> leases = startAndClaimFifty();
		leases.forEach((lease) -> record(lease, "step"));
		assertIsCheap(() -> assertThat(this.steps.histories(leases)).hasSize(50), mode, 1_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void fiftyEndByThePrimaryKeys(String mode) {
		List<RunEnd> ends = startAndClaimFifty().stream()
			.map((lease) -> new RunEnd(lease, RunRecord.SUCCESS, "1", null))
			.toList();
		assertIsCheap(() -> assertThat(this.steps.finish(ends)).hasSize(50), mode, 2_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void fiftyThatHaveEndedAreFoundByThePrimaryKey(String mode) {
		List<Long> ids = new ArrayList<>();
		for (long id = 1; id <= 50; id++) {
			ids.add(id * 600 - 1);
		}
		assertIsCheap(() -> assertThat(this.runs.ended(ids)).hasSize(50), mode, 300);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void aRunIsFoundByItsIdAndItsKey(String mode) {
		assertIsCheap(() -> assertThat(this.runs.find(501)).isNotNull(), mode, 20);
		assertIsCheap(() -> assertThat(this.runs.find("workflow4", "key501")).isNotNull(), mode, 20);
		assertIsCheap(() -> assertThat(this.runs.steps(501)).hasSize(3), mode, 20);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void runsAreListedAlongTheIndexes(String mode) {
		assertIsCheap(() -> list("workflow0", RunRecord.ERROR), mode, 400);
		assertIsCheap(() -> list("workflow5", RunRecord.QUEUED), mode, 500);
		assertIsCheap(() -> list("workflow0"), mode, 500);
		assertIsCheap(() -> list(null, RunRecord.ERROR), mode, 1_500);
		assertIsCheap(() -> list(null), mode, 200);
	}

	private void list(String workflow, String... statuses) {
		assertThat(this.runs.list(new RunFilter(workflow, Set.of(statuses), null, null, RUNS / 2L, 50))).hasSize(50);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void aRunIsSteeredByThePrimaryKeys(String mode) {
		long id = start();
		assertIsCheap(() -> assertThat(claimRun(id)).isNotNull(), mode, 50);
		assertIsCheap(() -> assertThat(this.runs.cancel(id)).isNotNull(), mode, 50);
		long held = start();
		assertIsCheap(() -> assertThat(this.runs.pause(held)).isTrue(), mode, 50);
		this.runs.pause(held);
		assertIsCheap(() -> assertThat(this.runs.resume(held)).isTrue(), mode, 50);
		long failed = startAndFail().messageId();
		assertIsCheap(() -> assertThat(this.runs.retry(failed, this.queue)).isTrue(), mode, 100);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void aSignalIsSentAndReceivedByThePrimaryKeys(String mode) {
		Lease lease = startAndClaim();
		assertIsCheap(() -> this.steps.receive(lease, "wait", "signal", Duration.ofHours(1)), mode, 50);
		this.steps.receive(lease, "wait", "signal", Duration.ofHours(1));
		assertIsCheap(() -> this.steps.suspend(lease), mode, 50);
		this.steps.suspend(lease);
		assertIsCheap(() -> this.runs.signal(lease.messageId(), "signal", "1"), mode, 50);
		this.runs.signal(lease.messageId(), "signal", "1");
		Lease next = claimRun(lease.messageId());
		assertIsCheap(() -> this.steps.receive(next, "wait", "signal", Duration.ofHours(1)), mode, 50);
	}

	private List<Lease> startAndClaimFifty() {
		List<Lease> leases = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			leases.add(new Lease(start(newLeasedRun()), 1));
		}
		return leases;
	}

	/** The work is rolled back, so that each statement finds again what it found. */
	private void assertIsCheap(Runnable work, String mode, int pages) {
		this.log.clear();
		this.database.transaction().executeWithoutResult((status) -> {
			work.run();
			status.setRollbackOnly();
		});
		List<StatementLog.Entry> statements = this.log.entries()
			.stream()
			.filter((entry) -> !entry.sql().contains("SAVEPOINT"))
			.toList();
		assertThat(statements).isNotEmpty();
		for (StatementLog.Entry statement : statements) {
			ExplainedPlan plan = ExplainedPlan.of(TestPostgres.instance().direct(), withoutNulls(statement), mode);
			assertThat(plan.buffers()).as("%s", plan).isLessThan(pages);
			assertThat(plan.nodes("Seq Scan")).as("%s", plan)
				.allSatisfy((scan) -> assertThat(scan.get("Relation Name").asString()).isEqualTo("pgqrs_queues"));
		}
	}

	/** A parameter that is null has no type to prepare the statement with. */
	private static StatementLog.Entry withoutNulls(StatementLog.Entry statement) {
		StringBuilder sql = new StringBuilder();
		List<Object> parameters = new ArrayList<>();
		int position = 0;
		for (char c : statement.sql().toCharArray()) {
			Object value = (c == '?') ? statement.parameters().get(position++) : null;
			if (value != Parameter.NULL) {
				sql.append(c);
			}
			else {
				sql.append("NULL");
			}
			if (value != null && value != Parameter.NULL) {
				parameters.add(value);
			}
		}
		return new StatementLog.Entry(sql.toString(), parameters);
	}

}
