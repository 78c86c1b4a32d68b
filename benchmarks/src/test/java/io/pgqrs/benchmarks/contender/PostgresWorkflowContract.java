package io.pgqrs.benchmarks.contender;

import io.pgqrs.benchmarks.database.Database;
import io.pgqrs.benchmarks.database.PostgresDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

abstract class PostgresWorkflowContract extends WorkflowContract {

	private static PostgresDatabase database;

	@BeforeAll
	static void start() {
		database = PostgresDatabase.embedded();
	}

	@AfterAll
	static void stop() {
		database.close();
	}

	@Override
	Database database() {
		return database;
	}

}
