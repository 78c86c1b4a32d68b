package io.pgqrs.crash;

class WorkflowSqliteKillTests extends WorkflowKillContract {

	@Override
	WorkflowDatabase createDatabase() {
		return WorkflowDatabase.sqlite(this.directory);
	}

	@Override
	int processes() {
		return 2;
	}

	@Override
	int runs() {
		return SOAK ? 200 : 60;
	}

}
