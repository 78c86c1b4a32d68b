package io.pgqrs.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.benchmarks.database.Costs;
import io.pgqrs.benchmarks.database.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database for tests of contenders: as small as it can be. */
public final class TestDatabase implements Database {

	private final @Nullable EmbeddedPostgres server;

	private final String url;

	private final @Nullable Path file;

	private TestDatabase(@Nullable EmbeddedPostgres server, String url, @Nullable Path file) {
		this.server = server;
		this.url = url;
		this.file = file;
	}

	public static TestDatabase postgres() {
		try {
			EmbeddedPostgres server = EmbeddedPostgres.builder()
				.setServerConfig("max_connections", "200")
				.setServerConfig("shared_preload_libraries", "pg_stat_statements")
				.setServerConfig("fsync", "on")
				.setServerConfig("synchronous_commit", "on")
				.start();
			TestDatabase database = new TestDatabase(server, server.getJdbcUrl("postgres", "postgres"), null);
			database.jdbc().sql("CREATE EXTENSION pg_stat_statements").update();
			return database;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public static TestDatabase sqlite(Path directory) {
		Path file = directory.resolve("test.db");
		return new TestDatabase(null, "jdbc:sqlite:" + file, file);
	}

	public JdbcClient jdbc() {
		return JdbcClient.create(direct());
	}

	@Override
	public String name() {
		return isPostgres() ? "PostgreSQL" : "SQLite";
	}

	@Override
	public boolean isPostgres() {
		return this.server != null;
	}

	@Override
	public Map<String, String> description() {
		return Map.of();
	}

	@Override
	public HikariDataSource pool(int size) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.url);
		config.setMaximumPoolSize(size);
		return new HikariDataSource(config);
	}

	@Override
	public DataSource direct() {
		return new DriverManagerDataSource(this.url);
	}

	@Override
	public void clean() {
		if (this.file == null) {
			jdbc().sql("DROP SCHEMA IF EXISTS pgqrs, dbos CASCADE").update();
			return;
		}
		try {
			for (String suffix : List.of("", "-wal", "-shm")) {
				Files.deleteIfExists(Path.of(this.file + suffix));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void settle() {
		jdbc().sql("ANALYZE").update();
	}

	@Override
	public Costs costs() {
		if (!isPostgres()) {
			return new Costs(0, 0, 0);
		}
		return jdbc().sql("""
				SELECT coalesce(sum(calls), 0) AS statements,
					txid_snapshot_xmax(txid_current_snapshot()) AS transactions,
					pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS wal_bytes
				FROM pg_stat_statements
				WHERE query !~* '^(begin|commit|rollback|set|show)'
				""")
			.query((row, number) -> new Costs(row.getLong("statements"), row.getLong("transactions"),
					row.getLong("wal_bytes")))
			.single();
	}

	@Override
	public void close() {
		if (this.server != null) {
			try {
				this.server.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
