package io.pgqrs.workflow;

import io.pgqrs.test.TestDatabase;

class SqliteWorkflowInstrumentationTests extends WorkflowInstrumentationContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.sqlite();
	}

}
