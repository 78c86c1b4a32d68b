package io.pgqrs.store.sqlite;

import java.time.Duration;

import io.pgqrs.store.MaintenanceStore;
import io.pgqrs.store.jdbc.StoreTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Maintenance. */
final class SqliteMaintenanceStore implements MaintenanceStore {

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	SqliteMaintenanceStore(JdbcClient jdbc, StoreTransactions transactions) {
		this.jdbc = jdbc;
		this.transactions = transactions;
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
