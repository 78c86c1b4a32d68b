package io.pgqrs.crash;

class WorkflowSqliteCrashTests extends WorkflowCrashContract {

	@Override
	WorkflowDatabase createDatabase() {
		return WorkflowDatabase.sqlite(this.directory);
	}

}
