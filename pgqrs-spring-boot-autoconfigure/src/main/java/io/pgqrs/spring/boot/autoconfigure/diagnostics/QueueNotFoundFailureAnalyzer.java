package io.pgqrs.spring.boot.autoconfigure.diagnostics;

import io.pgqrs.QueueNotFoundException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A queue is used that does not exist and must not be created. */
class QueueNotFoundFailureAnalyzer extends AbstractFailureAnalyzer<QueueNotFoundException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, QueueNotFoundException cause) {
		String queue = cause.getQueue();
		return new FailureAnalysis(
				"Queue '%s' does not exist, and pgqrs.queue-not-found-strategy=fail forbids creating it."
					.formatted(queue),
				"Correct the name where it is used, declare the queue under pgqrs.queues.%s, or set ".formatted(queue)
						+ "pgqrs.queue-not-found-strategy=create.",
				cause);
	}

}
