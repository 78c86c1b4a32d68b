package io.pgqrs.crash;

class WorkflowPostgresKillTests extends WorkflowKillContract {

	@Override
	WorkflowDatabase createDatabase() {
		return WorkflowDatabase.postgres();
	}

	@Override
	int processes() {
		return SOAK ? 4 : 2;
	}

	@Override
	int runs() {
		return SOAK ? 2_000 : 150;
	}

}
