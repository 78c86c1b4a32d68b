package io.pgqrs.benchmarks.contender;

class PostgresPgqrsWorkflowsTests extends PostgresWorkflowContract {

	@Override
	WorkflowContender contender() {
		return new PgqrsWorkflows();
	}

	@Override
	long recordedSteps() {
		return count("pgqrs.pgqrs_workflow_steps");
	}

	@Override
	long recordedRuns() {
		return count("pgqrs.pgqrs_workflow_runs");
	}

}
