package io.pgqrs.spring.boot.autoconfigure.diagnostics;

import io.pgqrs.workflow.DuplicateWorkflowException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Two workflows have the same name. */
class DuplicateWorkflowFailureAnalyzer extends AbstractFailureAnalyzer<DuplicateWorkflowException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DuplicateWorkflowException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"""
						Give each @PgqrsWorkflow a 'name' of its own, and see that no bean with a workflow is defined twice. Runs \
						are stored with the name: those of the workflow that is renamed are left to processes that still know it \
						by the old one.""",
				cause);
	}

}
