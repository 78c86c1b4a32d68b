package io.pgqrs.crash;

class WorkflowPostgresSleepersTests extends WorkflowSleepersContract {

	@Override
	WorkflowDatabase createDatabase() {
		return WorkflowDatabase.postgres();
	}

}
