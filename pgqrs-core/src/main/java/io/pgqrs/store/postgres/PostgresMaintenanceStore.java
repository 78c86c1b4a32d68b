package io.pgqrs.store.postgres;

import java.time.Duration;

import io.pgqrs.store.MaintenanceStore;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Maintenance. */
final class PostgresMaintenanceStore implements MaintenanceStore {

	private final JdbcClient jdbc;

	private final PostgresSchema schema;

	PostgresMaintenanceStore(JdbcClient jdbc, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.schema = schema;
	}

	@Override
	public boolean take(String task, Duration period) {
		throw new UnsupportedOperationException();
	}

	@Override
	public int deleteArchived(int limit) {
		throw new UnsupportedOperationException();
	}

	@Override
	public int deleteDeadLetters(int limit) {
		throw new UnsupportedOperationException();
	}

	@Override
	public int deleteRuns(int limit) {
		throw new UnsupportedOperationException();
	}

	@Override
	public int deleteWorkers(Duration retention, int limit) {
		throw new UnsupportedOperationException();
	}

	@Override
	public @Nullable OldestTransaction oldestTransaction() {
		throw new UnsupportedOperationException();
	}

}
