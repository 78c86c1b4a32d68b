package io.pgqrs.spring.boot.autoconfigure.metrics;

import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;

class PostgresTraceTests extends TraceContract {

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.postgres();
	}

}
