package io.pgqrs.benchmarks.contender;

import io.pgqrs.benchmarks.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

abstract class PostgresWorkflowContract extends WorkflowContract {

	@SuppressWarnings("NullAway.Init") // before all
	private static TestDatabase database;

	@BeforeAll
	static void start() {
		database = TestDatabase.postgres();
	}

	@AfterAll
	static void stop() {
		database.close();
	}

	@Override
	TestDatabase database() {
		return database;
	}

	long count(String table) {
		return database.jdbc().sql("SELECT count(*) FROM " + table).query(Long.class).single();
	}

}
