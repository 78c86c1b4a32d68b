package io.pgqrs.benchmarks.contender;

import java.nio.file.Path;

import io.pgqrs.benchmarks.database.Database;
import io.pgqrs.benchmarks.database.SqliteDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqlitePgqrsWorkflowsTests extends WorkflowContract {

	@TempDir
	private Path directory;

	private SqliteDatabase database;

	@BeforeEach
	void open() {
		this.database = new SqliteDatabase(this.directory);
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Override
	Database database() {
		return this.database;
	}

	@Override
	WorkflowContender contender() {
		return new PgqrsWorkflows();
	}

	@Override
	String steps() {
		return "pgqrs_workflow_steps";
	}

	@Override
	String runs() {
		return "pgqrs_workflow_runs";
	}

}
