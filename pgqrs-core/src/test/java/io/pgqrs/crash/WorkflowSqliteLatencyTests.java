package io.pgqrs.crash;

class WorkflowSqliteLatencyTests extends WorkflowLatencyContract {

	@Override
	WorkflowDatabase createDatabase() {
		return WorkflowDatabase.sqlite(this.directory);
	}

}
