package io.pgqrs.spring.boot.autoconfigure;

class PostgresWorkflowApplicationTests extends WorkflowApplicationContract {

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.postgres();
	}

}
