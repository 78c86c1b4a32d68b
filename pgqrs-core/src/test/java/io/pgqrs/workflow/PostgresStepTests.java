package io.pgqrs.workflow;

import io.pgqrs.test.TestDatabase;

class PostgresStepTests extends StepContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
