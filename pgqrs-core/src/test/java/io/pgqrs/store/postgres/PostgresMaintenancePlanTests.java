package io.pgqrs.store.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.pgqrs.store.DeadLetterStore;
import io.pgqrs.store.MaintenanceStore;
import io.pgqrs.store.StoreContract;
import io.pgqrs.test.StatementLog;
import io.pgqrs.test.TestDatabase;
import io.pgqrs.test.TestPostgres;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What maintenance and looking things up cost among many rows, in pages. */
class PostgresMaintenancePlanTests extends StoreContract {

	private static final int ROWS = 100_000;

	private static final int BATCH = 1_000;

	private final StatementLog log = new StatementLog();

	private MaintenanceStore maintenance;

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres(this.log::wrap);
	}

	/**
	 * Half of everything has expired. Three of four runs have ended; in one workflow of
	 * five all of those lived for long, so that their end is no matter of their age.
	 */
	@BeforeAll
	void fill() {
		this.maintenance = this.store.maintenance();
		for (int i = 0; i < 5; i++) {
			this.store.queues().create("workflow:w" + i, settings());
		}
		this.store.queues().create("filled", settings());
		this.database.sql("""
				INSERT INTO pgqrs_archive (id, archived_at, enqueued_at, queue_id, priority, attempts, payload)
				SELECT i, statement_timestamp() - (:rows - i) * interval '14 days' / :rows, statement_timestamp(),
					(SELECT id FROM pgqrs_queues WHERE name = 'filled'), 0, 1, '1'
				FROM generate_series(1, :rows) AS i""").param("rows", ROWS).update();
		this.database
			.sql("""
					INSERT INTO pgqrs_dead_letters (id, died_at, enqueued_at, queue_id, priority, attempts, delivery_count,
						error, payload)
					SELECT :rows + i, statement_timestamp() - (:rows - i) * interval '60 days' / :rows, statement_timestamp(),
						(SELECT id FROM pgqrs_queues WHERE name = 'filled'), 0, 1, 1, '{}', '1'
					FROM generate_series(1, :rows) AS i""")
			.param("rows", ROWS)
			.update();
		this.database.sql("""
				INSERT INTO pgqrs_workflow_runs (id, workflow, status, priority, created_at, completed_at)
				SELECT 2 * :rows + i, 'w' || i % 5, (ARRAY['QUEUED', 'SUCCESS', 'ERROR', 'CANCELLED'])[1 + i % 4], 0,
					statement_timestamp() - (:rows - i) * interval '60 days' / :rows,
					CASE WHEN i % 4 > 0 THEN statement_timestamp() - CASE WHEN i % 5 = 4 THEN interval '0'
						ELSE (:rows - i) * interval '60 days' / :rows END END
				FROM generate_series(1, :rows) AS i""").param("rows", ROWS).update();
		this.database.sql("""
				INSERT INTO pgqrs_messages (id, queue_id, visible_at, payload)
				SELECT r.id, q.id, statement_timestamp(), '1' FROM pgqrs_workflow_runs r, pgqrs_queues q
				WHERE r.completed_at IS NULL AND q.name = 'workflow:' || r.workflow""").update();
		this.database.sql("""
				INSERT INTO pgqrs_workflow_steps (run_id, name, kind, status, attempts, run_attempts, delivery_count,
					started_at)
				SELECT id, 'step', 'STEP', 'SUCCESS', 1, 1, 1, statement_timestamp() FROM pgqrs_workflow_runs""")
			.update();
		this.database.sql("""
				INSERT INTO pgqrs_workflow_signals (run_id, name) SELECT id, 'signal' FROM pgqrs_workflow_runs""")
			.update();
		for (String table : List.of("queues", "messages", "archive", "dead_letters", "workflow_runs", "workflow_steps",
				"workflow_signals")) {
			this.database.sql("VACUUM ANALYZE pgqrs_" + table).update();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void aMessageIsFoundByThePrimaryKeys(String mode) {
		for (long id : List.of(1L, ROWS + 1L, 2L * ROWS + 4)) {
			assertIsCheap(() -> assertThat(this.store.messages().find(id)).isNotNull(), mode, 20);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void deadLettersArePagedAlongTheIndex(String mode) {
		assertIsCheap(() -> assertThat(this.store.deadLetters().find("filled", 50)).hasSize(50), mode, 100);
		DeadLetterStore.Position position = new DeadLetterStore.Position(Instant.now().minus(Duration.ofDays(40)), 1);
		assertIsCheap(() -> assertThat(this.store.deadLetters().find("filled", 50, position)).hasSize(50), mode, 100);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void aBatchOfTheArchiveGoesByTheIndexes(String mode) {
		assertIsCheap(() -> assertThat(this.maintenance.deleteArchived(BATCH)).isEqualTo(BATCH), mode, 6 * BATCH);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void aBatchOfDeadLettersGoesByTheIndexes(String mode) {
		assertIsCheap(() -> assertThat(this.maintenance.deleteDeadLetters(BATCH)).isEqualTo(BATCH), mode, 10 * BATCH);
	}

	// Each run is found, and deleted with its steps and signals, by a few pages.
	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void aBatchOfRunsGoesByTheIndexes(String mode) {
		assertIsCheap(() -> assertThat(this.maintenance.deleteRuns(BATCH)).isEqualTo(BATCH), mode, 25 * BATCH);
	}

	// One page for each message of a run that has not ended, to see whether it is leased.
	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void runsAreCountedAlongTheIndex(String mode) {
		assertIsCheap(() -> assertThat(this.store.runs().counts()).hasSize(20), mode, 5 * 5_000 + 1_000);
	}

	// Of five queues 5,000 messages, of one 10,000 entries of archive and dead letters,
	// and what other tests of this class leave.
	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void queuesAreCountedAlongTheIndexes(String mode) {
		assertIsCheap(() -> assertThat(this.store.queues().counts(null)).hasSizeGreaterThan(5), mode, 10_000);
	}

	/** The work is rolled back, so that each statement finds again what it found. */
	private void assertIsCheap(Runnable work, String mode, int pages) {
		this.log.clear();
		this.database.transaction().executeWithoutResult((status) -> {
			work.run();
			status.setRollbackOnly();
		});
		assertThat(this.log.entries()).isNotEmpty();
		for (StatementLog.Entry statement : this.log.entries()) {
			ExplainedPlan plan = ExplainedPlan.of(TestPostgres.instance().direct(), statement, mode);
			assertThat(plan.buffers()).as("%s", plan).isLessThan(pages);
			assertThat(plan.nodes("Seq Scan")).as("%s", plan)
				.allSatisfy((scan) -> assertThat(scan.get("Relation Name").asString()).isEqualTo("pgqrs_queues"));
		}
	}

}
