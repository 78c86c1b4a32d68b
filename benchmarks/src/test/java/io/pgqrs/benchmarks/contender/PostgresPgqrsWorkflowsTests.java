package io.pgqrs.benchmarks.contender;

class PostgresPgqrsWorkflowsTests extends PostgresWorkflowContract {

	@Override
	WorkflowContender contender() {
		return new PgqrsWorkflows();
	}

	@Override
	String steps() {
		return "pgqrs.pgqrs_workflow_steps";
	}

	@Override
	String runs() {
		return "pgqrs.pgqrs_workflow_runs";
	}

}
