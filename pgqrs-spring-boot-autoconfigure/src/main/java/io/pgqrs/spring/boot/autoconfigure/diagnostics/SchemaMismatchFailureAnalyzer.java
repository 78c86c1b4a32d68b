package io.pgqrs.spring.boot.autoconfigure.diagnostics;

import io.pgqrs.SchemaMismatchException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The tables are not those that this library needs. */
class SchemaMismatchFailureAnalyzer extends AbstractFailureAnalyzer<SchemaMismatchException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SchemaMismatchException cause) {
		String detail = cause.getStatus().detail();
		String found = detail.isEmpty() ? "" : " (" + detail + ")";
		return switch (cause.getStatus().state()) {
			case MISSING -> new FailureAnalysis("The tables of pgqrs are missing in the database%s.".formatted(found),
					"""
							Set pgqrs.schema.mode=migrate to have them created at startup. If you create them yourself, from the SQL \
							under io/pgqrs/schema in the pgqrs-core jar, set pgqrs.schema.mode=none.""",
					cause);
			case OLDER -> new FailureAnalysis("The tables of pgqrs are older than this library%s.".formatted(found), """
					Set pgqrs.schema.mode=migrate to have them brought up to date at startup.""", cause);
			case NEWER -> new FailureAnalysis("The tables of pgqrs are newer than this library%s.".formatted(found),
					"""
							Use the version of pgqrs that installed them, or a later one. Nothing brings the tables back to an older \
							version.""",
					cause);
			case DIFFERENT, CURRENT ->
				new FailureAnalysis("The tables of pgqrs are not the ones that this library ships%s.".formatted(found),
						"""
								Somebody changed a migration or the table pgqrs_schema_history: restore it, or give pgqrs a schema \
								of its own with pgqrs.schema.name.""",
						cause);
		};
	}

}
