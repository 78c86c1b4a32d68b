package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteWorkflowRunTests extends WorkflowRunContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
