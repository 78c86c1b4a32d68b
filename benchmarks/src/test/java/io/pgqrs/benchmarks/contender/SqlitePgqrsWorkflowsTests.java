package io.pgqrs.benchmarks.contender;

import java.nio.file.Path;

import io.pgqrs.benchmarks.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqlitePgqrsWorkflowsTests extends WorkflowContract {

	@TempDir
	@SuppressWarnings("NullAway.Init") // before each
	private Path directory;

	@SuppressWarnings("NullAway.Init") // before each
	private TestDatabase database;

	@BeforeEach
	void open() {
		this.database = TestDatabase.sqlite(this.directory);
	}

	@Override
	TestDatabase database() {
		return this.database;
	}

	@Override
	WorkflowContender contender() {
		return new PgqrsWorkflows();
	}

	@Override
	long recordedSteps() {
		return count("pgqrs_workflow_steps");
	}

	@Override
	long recordedRuns() {
		return count("pgqrs_workflow_runs");
	}

	private long count(String table) {
		return this.database.jdbc().sql("SELECT count(*) FROM " + table).query(Long.class).single();
	}

}
