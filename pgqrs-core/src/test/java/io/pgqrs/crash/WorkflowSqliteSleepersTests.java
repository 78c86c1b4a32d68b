package io.pgqrs.crash;

class WorkflowSqliteSleepersTests extends WorkflowSleepersContract {

	@Override
	WorkflowDatabase createDatabase() {
		return WorkflowDatabase.sqlite(this.directory);
	}

}
