package io.pgqrs.spring.boot.autoconfigure.metrics;

import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;

class PostgresMetricsTests extends MetricsContract {

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.postgres();
	}

	@Override
	String schema() {
		return "pgqrs.";
	}

}
