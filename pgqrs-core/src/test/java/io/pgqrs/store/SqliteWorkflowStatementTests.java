package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteWorkflowStatementTests extends WorkflowStatementContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite(this.log::wrap);
	}

}
