package io.pgqrs.crash;

class WorkflowSqliteFrozenProcessTests extends WorkflowFrozenProcessContract {

	@Override
	WorkflowDatabase createDatabase() {
		return WorkflowDatabase.sqlite(this.directory);
	}

}
