package io.pgqrs.spring.boot.autoconfigure.diagnostics;

import io.pgqrs.UnsupportedDatabaseException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The data source leads to a database that pgqrs does not work on. */
class UnsupportedDatabaseFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedDatabaseException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedDatabaseException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"""
						Point spring.datasource.url at PostgreSQL (jdbc:postgresql://...) or SQLite (jdbc:sqlite:app.db), or mark \
						the data source of such a database with @PgqrsDataSource. Where the queue is not needed, as in a test on \
						an embedded database, set pgqrs.enabled=false.""",
				cause);
	}

}
