package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresWorkflowRunTests extends WorkflowRunContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
