package io.pgqrs.benchmarks.contender;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.benchmarks.database.Database;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Counts on a connection of its own, so that it waits for none of those who work. */
final class RunCount implements AutoCloseable {

	private final HikariDataSource pool;

	private final JdbcClient.StatementSpec count;

	RunCount(Database database, String sql) {
		this.pool = database.pool(1);
		this.count = JdbcClient.create(this.pool).sql(sql);
	}

	long count() {
		return this.count.query(Long.class).single();
	}

	@Override
	public void close() {
		this.pool.close();
	}

}
