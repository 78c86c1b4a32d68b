package io.pgqrs.workflow;

import io.pgqrs.test.TestDatabase;

class SqliteWorkflowTests extends WorkflowContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.sqlite();
	}

}
