package io.pgqrs.spring.boot.autoconfigure.diagnostics;

import io.pgqrs.spring.boot.autoconfigure.AmbiguousDataSourceException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** There are several data sources, and nothing says which one holds the queues. */
class AmbiguousDataSourceFailureAnalyzer extends AbstractFailureAnalyzer<AmbiguousDataSourceException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AmbiguousDataSourceException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"""
						Mark the one that holds the queues with @PgqrsDataSource, and no other, or make it the primary one with \
						@Primary. Jobs commit with the transactions of that data source.""",
				cause);
	}

}
