package io.pgqrs.crash;

class WorkflowPostgresFrozenProcessTests extends WorkflowFrozenProcessContract {

	@Override
	WorkflowDatabase createDatabase() {
		return WorkflowDatabase.postgres();
	}

}
