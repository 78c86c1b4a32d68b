package io.pgqrs.workflow;

import io.pgqrs.test.TestDatabase;

class PostgresWorkflowTests extends WorkflowContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
