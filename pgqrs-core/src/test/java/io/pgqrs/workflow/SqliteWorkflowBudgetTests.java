package io.pgqrs.workflow;

import io.pgqrs.test.StatementLog;
import io.pgqrs.test.TestDatabase;

class SqliteWorkflowBudgetTests extends WorkflowBudgetContract {

	@Override
	TestDatabase createDatabase(StatementLog statements) {
		return TestDatabase.sqlite(statements::wrap);
	}

}
