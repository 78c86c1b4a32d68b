package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteWorkflowStepTests extends WorkflowStepContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
