package io.pgqrs.benchmarks.contender;

class DbosTests extends PostgresWorkflowContract {

	@Override
	WorkflowContender contender() {
		return new Dbos();
	}

	@Override
	long recordedSteps() {
		return count("dbos.operation_outputs");
	}

	@Override
	long recordedRuns() {
		return count("dbos.workflow_status");
	}

}
