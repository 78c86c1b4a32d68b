package io.pgqrs.benchmarks.contender;

class DbosTests extends PostgresWorkflowContract {

	@Override
	WorkflowContender contender() {
		return new Dbos();
	}

	@Override
	String steps() {
		return "dbos.operation_outputs";
	}

	@Override
	String runs() {
		return "dbos.workflow_status";
	}

}
