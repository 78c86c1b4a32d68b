package io.pgqrs.workflow;

import io.pgqrs.test.TestDatabase;

class PostgresWorkflowInstrumentationTests extends WorkflowInstrumentationContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
