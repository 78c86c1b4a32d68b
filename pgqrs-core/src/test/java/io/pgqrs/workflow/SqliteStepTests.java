package io.pgqrs.workflow;

import io.pgqrs.test.TestDatabase;

class SqliteStepTests extends StepContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.sqlite();
	}

}
