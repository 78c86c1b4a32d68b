package io.pgqrs.store.sqlite;

import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

import io.pgqrs.store.DeadLetterStore;
import io.pgqrs.store.Lease;
import io.pgqrs.store.MaintenanceStore;
import io.pgqrs.store.NewRun;
import io.pgqrs.store.RunEnd;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.StoreContract;
import io.pgqrs.test.StatementLog;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Which way SQLite goes for maintenance, and for looking things up. */
class SqliteMaintenancePlanTests extends StoreContract {

	private final StatementLog log = new StatementLog();

	private MaintenanceStore maintenance;

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite(this.log::wrap);
	}

	@BeforeEach
	void findStore() {
		this.maintenance = this.store.maintenance();
	}

	@Test
	void aMessageIsFoundByThePrimaryKeys() {
		assertThat(plan(() -> this.store.messages().find(1))).anyMatch(searches("m", "INTEGER PRIMARY KEY"))
			.anyMatch(searches("a", "INTEGER PRIMARY KEY"))
			.anyMatch(searches("d", "INTEGER PRIMARY KEY"))
			.noneMatch((step) -> step.matches("SCAN (m|a|d)( .*)?"));
	}

	@Test
	void deadLettersArePagedAlongTheIndex() {
		for (DeadLetterStore.Position behind : new DeadLetterStore.Position[] { null,
				new DeadLetterStore.Position(Instant.now(), 1) }) {
			assertThat(plan(() -> this.store.deadLetters().find(this.queue, 10, behind)))
				.anyMatch((step) -> step.startsWith("SEARCH d USING INDEX pgqrs_dead_letters_queue")
						&& step.contains("(queue_id=? AND died_at<?)"))
				.noneMatch((step) -> step.contains("TEMP B-TREE"));
		}
	}

	@Test
	void batchesGoAlongTheIndexes() {
		assertThat(plan(() -> this.maintenance.deleteArchived(10)))
			.anyMatch(searches("a", "COVERING INDEX pgqrs_archive_retention (queue_id=? AND archived_at<?)"))
			.anyMatch(searches("pgqrs_archive", "INTEGER PRIMARY KEY"));
		assertThat(plan(() -> this.maintenance.deleteDeadLetters(10)))
			.anyMatch(searches("d", "COVERING INDEX pgqrs_dead_letters_queue (queue_id=? AND died_at<?)"))
			.anyMatch(searches("pgqrs_dead_letters", "INTEGER PRIMARY KEY"));
	}

	@Test
	void aBatchOfRunsGoesAlongTheIndexes() {
		String workflow = this.queue;
		this.store.queues().create("workflow:" + workflow, settings());
		long id = this.store.runs()
			.start(new NewRun(workflow, this.queue, null, null, 0, null, null, null, LEASE))
			.id();
		this.store.steps().finish(List.of(new RunEnd(new Lease(id, 1), RunRecord.SUCCESS, "1", null)));
		this.database.elapse(settings().archiveRetention().plusSeconds(1));
		assertThat(plan(() -> assertThat(this.maintenance.deleteRuns(10)).isEqualTo(1)))
			.anyMatch(searches("r", "COVERING INDEX pgqrs_workflow_runs_status (workflow=? AND status=? AND id>?)"))
			.anyMatch(searches("r", "INTEGER PRIMARY KEY"))
			.anyMatch(searches("pgqrs_workflow_runs", "INTEGER PRIMARY KEY"))
			.anyMatch(searches("pgqrs_workflow_steps", "COVERING INDEX sqlite_autoindex_pgqrs_workflow_steps_1"))
			.anyMatch((step) -> step.contains("pgqrs_workflow_signals_run (run_id=?)"))
			.noneMatch((step) -> step.matches("SCAN (r|pgqrs_.*)( .*)?"));
	}

	@Test
	void runsAreCountedAlongTheIndex() {
		assertThat(plan(() -> this.store.runs().counts()))
			.anyMatch(searches("r", "COVERING INDEX pgqrs_workflow_runs_status (workflow=? AND status=?)"))
			.anyMatch(searches("r", "COVERING INDEX pgqrs_workflow_runs_status (workflow=? AND status=? AND id>?)"))
			.anyMatch(searches("r", "COVERING INDEX pgqrs_workflow_runs_status (workflow>?)"))
			.anyMatch((step) -> step.startsWith("SEARCH m USING INTEGER PRIMARY KEY"))
			.noneMatch((step) -> step.matches("SCAN (r|m)( .*)?"));
	}

	private static Predicate<String> searches(String table, String index) {
		return (step) -> step.startsWith("SEARCH " + table + " USING " + index);
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
