package io.pgqrs.benchmarks.scenario;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.contender.Dbos;
import io.pgqrs.benchmarks.contender.DbosQueue;
import io.pgqrs.benchmarks.contender.Pgqrs;
import io.pgqrs.benchmarks.contender.PgqrsIdle;
import io.pgqrs.benchmarks.contender.PgqrsWorkflows;
import io.pgqrs.benchmarks.database.Database;
import io.pgqrs.benchmarks.database.PostgresDatabase;
import io.pgqrs.benchmarks.database.SqliteDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ScenarioTests {

	private static final WorkflowScenario WORKFLOWS = new WorkflowScenario(List.of(new PgqrsWorkflows(), new Dbos()));

	private static final CostScenario COSTS = new CostScenario(List.of(new Pgqrs(), new DbosQueue()),
			List.of(new PgqrsWorkflows(), new Dbos()), List.of(new PgqrsIdle(), new Dbos()));

	private static PostgresDatabase database;

	@BeforeAll
	static void start() {
		database = PostgresDatabase.embedded();
	}

	@AfterAll
	static void stop() {
		database.close();
	}

	@Test
	void onlyWhoWorksOnSqliteIsComparedThere(@TempDir Path directory) {
		try (Database sqlite = new SqliteDatabase(directory)) {
			assertThat(WORKFLOWS.comparisons(sqlite, true)).isNotEmpty()
				.allSatisfy((comparison) -> assertThat(comparison.trials()).extracting(Trial::contender)
					.containsExactly("pgqrs"));
			assertThat(COSTS.comparisons(sqlite, true)).isEmpty();
		}
	}

	@Test
	void aRunFromAQueueCostsNoMoreThanAStatementForEachStepAndTwo() throws Exception {
		Comparison comparison = costs("workflow queued");
		Map<String, Double> pgqrs = figures(comparison, "pgqrs");
		assertThat(pgqrs.get("statements_per_run")).isBetween(0.3, 5.0);
		assertThat(pgqrs.get("statements_per_execution")).isBetween(0.2, 4.5);
		assertThat(pgqrs.get("wal_bytes_per_run")).isPositive();
		Map<String, Double> dbos = figures(comparison, "DBOS Transact");
		assertThat(dbos.get("statements_per_run")).isBetween(12.0, 40.0);
	}

	@Test
	void waitingCostsFewStatements() throws Exception {
		Comparison comparison = costs("idle");
		assertThat(figures(comparison, "pgqrs").get("statements_per_second")).isBetween(4.0, 8.0);
		assertThat(figures(comparison, "DBOS Transact").get("statements_per_second")).isBetween(8.0, 30.0);
	}

	@Test
	void messagesAreEnqueuedOneByOneAndHandledInBatches() throws Exception {
		assertThat(figures(costs("enqueue"), "pgqrs").get("statements_per_message")).isBetween(1.0, 1.7);
		assertThat(figures(costs("enqueueAll"), "pgqrs").get("statements_per_message")).isBetween(0.01, 0.1);
		assertThat(figures(costs("drain"), "pgqrs").get("statements_per_message")).isBetween(0.02, 0.3);
		assertThat(figures(costs("drain"), "DBOS Transact").get("statements_per_message")).isBetween(3.0, 10.0);
	}

	private static Comparison costs(String settings) {
		return COSTS.comparisons(database, false)
			.stream()
			.filter((comparison) -> comparison.settings().containsValue(settings))
			.findFirst()
			.orElseThrow();
	}

	private static Map<String, Double> figures(Comparison comparison, String contender) throws Exception {
		return comparison.trials()
			.stream()
			.filter((trial) -> trial.contender().equals(contender))
			.findFirst()
			.orElseThrow()
			.work()
			.measure();
	}

}
