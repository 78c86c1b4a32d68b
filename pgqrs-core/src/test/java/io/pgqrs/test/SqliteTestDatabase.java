package io.pgqrs.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.sqlite.SqliteOptions;
import io.pgqrs.store.sqlite.SqliteStore;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/** A temporary file. */
final class SqliteTestDatabase implements TestDatabase {

	private static final List<String> ELAPSE = List.of("""
			UPDATE pgqrs_messages SET visible_at = visible_at - :time, enqueued_at = enqueued_at - :time,
				claimed_at = claimed_at - :time""", """
			UPDATE pgqrs_archive SET archived_at = archived_at - :time, enqueued_at = enqueued_at - :time""", """
			UPDATE pgqrs_dead_letters SET died_at = died_at - :time, enqueued_at = enqueued_at - :time""", """
			UPDATE pgqrs_workers SET started_at = started_at - :time, heartbeat_at = heartbeat_at - :time""", """
			UPDATE pgqrs_workflow_runs SET created_at = created_at - :time, started_at = started_at - :time,
				visible_at = visible_at - :time,
				completed_at = completed_at - :time, deadline_at = deadline_at - :time""", """
			UPDATE pgqrs_workflow_steps SET started_at = started_at - :time, completed_at = completed_at - :time,
				wake_at = wake_at - :time""", """
			UPDATE pgqrs_workflow_signals SET created_at = created_at - :time""", """
			UPDATE pgqrs_maintenance SET due_at = due_at - :time""");

	private static final int POOL_SIZE = 16;

	private final List<HikariDataSource> pools = new ArrayList<>();

	private final Path directory;

	private final PgqrsStore store;

	SqliteTestDatabase(UnaryOperator<DataSource> decorator) {
		try {
			this.directory = Files.createTempDirectory("pgqrs");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.store = newStore(decorator);
		this.store.schema().migrate();
	}

	private PgqrsStore newStore(UnaryOperator<DataSource> decorator) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl("jdbc:sqlite:" + this.directory.resolve("test.db"));
		config.setMaximumPoolSize(POOL_SIZE);
		config.setMinimumIdle(0);
		HikariDataSource pool = new HikariDataSource(config);
		this.pools.add(pool);
		return SqliteStore.create(decorator.apply(pool), SqliteOptions.defaults());
	}

	@Override
	public PgqrsStore store() {
		return this.store;
	}

	@Override
	public PgqrsStore anotherStore() {
		return newStore(UnaryOperator.identity());
	}

	@Override
	public JdbcClient.StatementSpec sql(String sql) {
		return JdbcClient.create(this.store.dataSource()).sql(sql);
	}

	@Override
	public void elapse(Duration time) {
		transaction().executeWithoutResult(
				(status) -> ELAPSE.forEach((sql) -> sql(sql).param("time", time.toMillis()).update()));
	}

	@Override
	public void close() {
		this.pools.forEach(HikariDataSource::close);
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
