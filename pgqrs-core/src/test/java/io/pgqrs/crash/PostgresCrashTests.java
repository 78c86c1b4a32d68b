package io.pgqrs.crash;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.listener.AckMode;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.postgres.PostgresStore;
import io.pgqrs.test.TestPostgres;
import org.junit.jupiter.api.AfterEach;

class PostgresCrashTests extends CrashContract {

	private final TestPostgres server = TestPostgres.instance();

	private final HikariDataSource pool = this.server.dataSource();

	private final String schema = this.server.newSchema();

	@Override
	PgqrsStore store() {
		PgqrsStore store = PostgresStore.create(this.pool, this.schema, null);
		store.schema().migrate();
		return store;
	}

	@Override
	String url() {
		return this.server.url();
	}

	@Override
	String schema() {
		return this.schema;
	}

	@Override
	int processes() {
		return 4;
	}

	@Override
	int parallelism(AckMode ackMode) {
		return processes() * ConsumerProcess.HANDLERS;
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

}
