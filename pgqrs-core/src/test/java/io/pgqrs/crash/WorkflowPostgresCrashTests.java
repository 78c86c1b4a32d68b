package io.pgqrs.crash;

class WorkflowPostgresCrashTests extends WorkflowCrashContract {

	@Override
	WorkflowDatabase createDatabase() {
		return WorkflowDatabase.postgres();
	}

}
