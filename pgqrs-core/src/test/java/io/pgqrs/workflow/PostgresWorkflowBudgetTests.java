package io.pgqrs.workflow;

import io.pgqrs.test.StatementLog;
import io.pgqrs.test.TestDatabase;

class PostgresWorkflowBudgetTests extends WorkflowBudgetContract {

	@Override
	TestDatabase createDatabase(StatementLog statements) {
		return TestDatabase.postgres(statements::wrap);
	}

}
