package io.pgqrs.spring.boot.autoconfigure.diagnostics;

import io.pgqrs.workflow.WorkflowNotFoundException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A run was to be started, or executed, of a workflow that is not known. */
class WorkflowNotFoundFailureAnalyzer extends AbstractFailureAnalyzer<WorkflowNotFoundException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, WorkflowNotFoundException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"""
						Correct the name where it is used, or see that a bean with @PgqrsWorkflow("%s") exists. The workflows of \
						an application are known when all its singletons exist: start runs after that, as in an \
						ApplicationRunner, or set pgqrs.queue-not-found-strategy=create."""
					.formatted(cause.getWorkflow()),
				cause);
	}

}
