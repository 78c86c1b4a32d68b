package io.pgqrs.store.sqlite;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import io.pgqrs.store.Lease;
import io.pgqrs.store.NewRun;
import io.pgqrs.store.RunEnd;
import io.pgqrs.store.RunFilter;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.StepKind;
import io.pgqrs.store.StepOutcome;
import io.pgqrs.store.StoreContract;
import io.pgqrs.test.StatementLog;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Which way SQLite goes, and that the number of runs does not matter. */
class SqliteWorkflowPlanTests extends StoreContract {

	private static final int BACKLOG = 100_000;

	private static final StepOutcome STEP = new StepOutcome("step", StepKind.STEP, RunRecord.SUCCESS, 1, "1", null,
			Duration.ZERO, null);

	// Each row carries a message in; those of runs that have ended go again.
	private static final String FILL = """
			WITH RECURSIVE number(value) AS (
				SELECT 1000000 UNION ALL SELECT value + 1 FROM number LIMIT :count)
			INSERT INTO pgqrs_workflow_runs (id, workflow, status, queue_id, priority, created_at, visible_at,
				completed_at)
			SELECT value, 'workflow-' || (value % 3), CASE WHEN value % 5000 = 0 THEN 'ERROR' ELSE 'SUCCESS' END, 1, 0, 0,
				0, 1
			FROM number""";

	private final StatementLog log = new StatementLog();

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite(this.log::wrap);
	}

	@Test
	void aStartLooksAtNoOtherRun() {
		assertGoesByIndexes(() -> start("key"));
		assertGoesByIndexes(() -> start("key"));
	}

	@Test
	void whatAHolderWritesDownGoesByPrimaryKeys() {
		Lease lease = start("written");
		assertGoesByIndexes(() -> this.store.steps().record(lease, STEP));
		this.store.runs().signal(lease.messageId(), "signal", null);
		assertGoesByIndexes(() -> this.store.steps().receive(lease, "received", "signal", LEASE));
		assertGoesByIndexes(() -> this.store.steps().receive(lease, "awaited", "signal", LEASE));
		assertThat(assertGoesByIndexes(() -> this.store.steps().suspend(lease)))
			.anyMatch((step) -> step.contains("pgqrs_workflow_signals_run (run_id=? AND name=?)"));
	}

	@Test
	void historiesGoByPrimaryKeys() {
		List<Lease> leases = List.of(start("first"), start("second"));
		leases.forEach((lease) -> this.store.steps().record(lease, STEP));
		assertThat(assertGoesByIndexes(() -> assertThat(this.store.steps().histories(leases)).hasSize(leases.size())))
			.anyMatch((step) -> step.startsWith("SEARCH s USING INDEX sqlite_autoindex_pgqrs_workflow_steps_1"))
			.anyMatch((step) -> step.startsWith("SEARCH m USING INTEGER PRIMARY KEY"))
			.anyMatch((step) -> step.startsWith("SEARCH r USING INTEGER PRIMARY KEY"));
	}

	@Test
	void theEndsOfRunsGoByPrimaryKeys() {
		List<Lease> leases = List.of(start("third"), start("fourth"));
		List<RunEnd> ends = leases.stream().map((lease) -> new RunEnd(lease, RunRecord.SUCCESS, "1", null)).toList();
		assertThat(assertGoesByIndexes(() -> this.store.steps().finish(ends)))
			.anyMatch((step) -> step.startsWith("SEARCH m USING INTEGER PRIMARY KEY"))
			.anyMatch((step) -> step.startsWith("SEARCH pgqrs_workflow_runs USING INTEGER PRIMARY KEY"));
		assertThat(assertGoesByIndexes(
				() -> assertThat(this.store.runs().ended(List.copyOf(ids(leases)))).hasSize(leases.size())))
			.anyMatch((step) -> step.startsWith("SEARCH r USING INTEGER PRIMARY KEY"));
	}

	@Test
	void whatIsAskedOfARunGoesByPrimaryKeys() {
		long id = start("asked").messageId();
		assertGoesByIndexes(() -> this.store.runs().find(id));
		assertThat(assertGoesByIndexes(() -> this.store.runs().find(workflow(), "asked")))
			.anyMatch((step) -> step.contains("pgqrs_workflow_runs_key (workflow=? AND key=?)"));
		assertGoesByIndexes(() -> this.store.runs().signal(id, "signal", null));
		assertGoesByIndexes(() -> this.store.runs().pause(id));
		assertGoesByIndexes(() -> this.store.runs().resume(id));
		assertGoesByIndexes(() -> this.store.runs().cancel(id));
		assertGoesByIndexes(() -> this.store.runs().retry(id, this.queue));
		assertGoesByIndexes(() -> this.store.runs().steps(id));
		assertGoesByIndexes(() -> this.store.steps().claim(id, WORKER, LEASE));
	}

	@Test
	void aListGoesAlongAnIndexAndSortsNothing() {
		start("listed");
		RunFilter filter = new RunFilter(workflow(), Set.of(RunRecord.RUNNING), null, null, null, 50);
		assertThat(assertGoesByIndexes(() -> assertThat(this.store.runs().list(filter)).hasSize(1)))
			.noneMatch((step) -> step.contains("TEMP B-TREE"))
			.anyMatch((step) -> step.contains("pgqrs_workflow_runs_status (workflow=? AND status=? AND id<?)"))
			.anyMatch((step) -> step.contains("pgqrs_workflow_runs_status (workflow>?)"))
			.anyMatch((step) -> step.contains("SEARCH r USING INTEGER PRIMARY KEY (rowid<?)"));
	}

	@Test
	void aListOutOfManyTakesLessThanTwentyMilliseconds() {
		this.database.sql(FILL).param("count", BACKLOG).update();
		this.database.sql("DELETE FROM pgqrs_messages WHERE id >= 1000000").update();
		assertThat(medianMillis(new RunFilter(null, Set.of(), null, null, null, 50), 50)).isLessThan(20);
		for (Set<String> statuses : List.of(Set.<String>of(), Set.of(RunRecord.SUCCESS),
				Set.of(RunRecord.SUCCESS, RunRecord.ERROR))) {
			assertThat(medianMillis(new RunFilter("workflow-1", statuses, null, null, null, 50), 50)).isLessThan(20);
			assertThat(medianMillis(new RunFilter("workflow-1", statuses, null, null, 1_050_000L, 50), 50))
				.isLessThan(20);
		}
		assertThat(medianMillis(new RunFilter("workflow-1", Set.of(RunRecord.ERROR), null, null, null, 5), 5))
			.isLessThan(20);
		assertThat(medianMillis(new RunFilter(null, Set.of(RunRecord.ERROR), null, null, null, 15), 15)).isLessThan(20);
		assertThat(medianMillis(new RunFilter("workflow-1", Set.of(RunRecord.QUEUED), null, null, null, 50), 0))
			.isLessThan(20);
	}

	private double medianMillis(RunFilter filter, int expected) {
		long[] nanos = new long[21];
		for (int i = 0; i < nanos.length; i++) {
			long start = System.nanoTime();
			List<RunRecord> runs = this.store.runs().list(filter);
			nanos[i] = System.nanoTime() - start;
			assertThat(runs).hasSize(expected);
		}
		Arrays.sort(nanos);
		return nanos[nanos.length / 2] / 1e6;
	}

	private Lease start(String key) {
		return new Lease(
				this.store.runs().start(new NewRun(workflow(), this.queue, key, null, 0, null, null, null, LEASE)).id(),
				1);
	}

	private String workflow() {
		return "workflow of " + this.queue;
	}

	private List<String> assertGoesByIndexes(Runnable work) {
		List<String> plan = plan(work);
		assertThat(plan).noneMatch((step) -> step.matches("SCAN (m|r|s|g|w|k|pgqrs_.*)( .*)?"))
			.anyMatch((step) -> step.startsWith("SEARCH "));
		return plan;
	}

	/** The steps of all statements. */
	private List<String> plan(Runnable work) {
		this.log.clear();
		work.run();
		JdbcTemplate jdbc = new JdbcTemplate(this.store.dataSource());
		return this.log.entries()
			.stream()
			.flatMap((statement) -> jdbc
				.query("EXPLAIN QUERY PLAN " + statement.sql(), (rs, index) -> rs.getString("detail"),
						statement.values())
				.stream())
			.toList();
	}

}
