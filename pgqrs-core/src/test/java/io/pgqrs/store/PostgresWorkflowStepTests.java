package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresWorkflowStepTests extends WorkflowStepContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
