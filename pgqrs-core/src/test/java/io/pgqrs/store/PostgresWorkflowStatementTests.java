package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresWorkflowStatementTests extends WorkflowStatementContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres(this.log::wrap);
	}

}
