package io.pgqrs.crash;

import io.pgqrs.listener.AckMode;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.sqlite.SqliteOptions;
import io.pgqrs.store.sqlite.SqliteStore;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

class SqliteCrashTests extends CrashContract {

	@Override
	PgqrsStore store() {
		PgqrsStore store = SqliteStore.create(new DriverManagerDataSource(url()), SqliteOptions.defaults());
		store.schema().migrate();
		return store;
	}

	@Override
	String url() {
		return "jdbc:sqlite:" + this.directory.resolve("crash.db");
	}

	@Override
	String schema() {
		return "pgqrs";
	}

	@Override
	int processes() {
		return 2;
	}

	/** A transaction that writes excludes all others. */
	@Override
	int parallelism(AckMode ackMode) {
		return (ackMode == AckMode.TRANSACTIONAL) ? 1 : processes() * ConsumerProcess.HANDLERS;
	}

}
