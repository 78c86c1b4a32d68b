package io.pgqrs.spring.boot.autoconfigure.diagnostics;

import io.pgqrs.listener.DuplicateListenerIdException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Two listeners have the same id. */
class DuplicateListenerIdFailureAnalyzer extends AbstractFailureAnalyzer<DuplicateListenerIdException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DuplicateListenerIdException cause) {
		return new FailureAnalysis("There are two listeners with the id '%s'.".formatted(cause.getId()),
				"Give each @PgqrsListener an 'id' of its own, or none, and see that no bean with a listener is defined "
						+ "twice.",
				cause);
	}

}
