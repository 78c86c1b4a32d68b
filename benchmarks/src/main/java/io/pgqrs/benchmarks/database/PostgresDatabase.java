package io.pgqrs.benchmarks.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A PostgreSQL: an embedded one of its own, which waits for the disk at each commit, or a
 * server that is there.
 */
public final class PostgresDatabase implements Database {

	private static final String NAME = "PostgreSQL";

	private static final String CLEAN = """
			DO $$
			DECLARE
				name text;
			BEGIN
				FOR name IN SELECT nspname FROM pg_namespace
					WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
				LOOP
					EXECUTE format('DROP SCHEMA %I CASCADE', name);
				END LOOP;
				CREATE SCHEMA public;
			END
			$$""";

	private static final String COSTS = """
			SELECT (SELECT coalesce(sum(calls), 0) FROM statistics.pg_stat_statements
					WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
						AND query !~* '^(begin|commit|rollback|start transaction|set |show )') AS statements,
				CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS transactions,
				CAST(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS bigint) AS wal_bytes""";

	private final String url;

	private final @Nullable EmbeddedPostgres server;

	private final JdbcClient jdbc;

	private final boolean counts;

	private PostgresDatabase(String url, @Nullable EmbeddedPostgres server, boolean dropEverything) {
		this.url = url;
		this.server = server;
		this.jdbc = JdbcClient.create(direct());
		if (!dropEverything) {
			refuseTables();
		}
		clean(false);
		this.counts = countsStatements();
	}

	private void refuseTables() {
		int objects = this.jdbc.sql("""
				SELECT count(*) FROM pg_namespace n
				LEFT JOIN pg_class c ON c.relnamespace = n.oid
				LEFT JOIN pg_proc p ON p.pronamespace = n.oid
				WHERE n.nspname !~ '^(pg_|information_schema$)'
					AND (n.nspname <> 'public' OR c.oid IS NOT NULL OR p.oid IS NOT NULL)""")
			.query(Integer.class)
			.single();
		if (objects > 0) {
			throw new IllegalArgumentException("The database has tables or other objects, and all of them would be "
					+ "dropped. Name an empty one, or add --drop-everything");
		}
	}

	/**
	 * Starts a server whose commits are durable, with the settings that everybody has who
	 * changes none, but for more memory.
	 */
	public static PostgresDatabase embedded() {
		try {
			EmbeddedPostgres server = EmbeddedPostgres.builder()
				.setServerConfig("fsync", "on")
				.setServerConfig("synchronous_commit", "on")
				.setServerConfig("full_page_writes", "on")
				.setServerConfig("shared_buffers", "512MB")
				.setServerConfig("max_wal_size", "4GB")
				.setServerConfig("max_connections", "200")
				.setServerConfig("shared_preload_libraries", "pg_stat_statements")
				.start();
			return new PostgresDatabase(server.getJdbcUrl("postgres", "postgres"), server, true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The embedded PostgreSQL does not start. Name another with --jdbc-url", ex);
		}
	}

	/**
	 * Uses a server that is there. All schemas of the database that the URL names are
	 * dropped.
	 * @param url JDBC URL with user and password
	 * @param dropEverything whether there may be tables already
	 * @throws IllegalArgumentException if there are
	 */
	public static PostgresDatabase at(String url, boolean dropEverything) {
		return new PostgresDatabase(url, null, dropEverything);
	}

	/** Where it is: a JDBC URL with user and password. */
	public String url() {
		return this.url;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public boolean isPostgres() {
		return true;
	}

	@Override
	public Map<String, String> description() {
		Map<String, String> settings = new TreeMap<>();
		for (String name : List.of("server_version", "fsync", "synchronous_commit", "full_page_writes",
				"shared_buffers", "max_wal_size", "max_connections", "shared_preload_libraries", "wal_sync_method",
				"autovacuum")) {
			settings.put(name,
					this.jdbc.sql("SELECT current_setting(:name)").param("name", name).query(String.class).single());
		}
		settings.put("server", (this.server != null) ? "embedded" : "external");
		return settings;
	}

	@Override
	public HikariDataSource pool(int size) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.url);
		config.setMaximumPoolSize(size);
		config.addDataSourceProperty("reWriteBatchedInserts", "true");
		return new HikariDataSource(config);
	}

	@Override
	public DataSource direct() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.url);
		return dataSource;
	}

	@Override
	public void clean() {
		clean(this.counts);
	}

	private void clean(boolean counts) {
		this.jdbc.sql(CLEAN).update();
		if (counts) {
			createStatistics();
		}
	}

	private boolean countsStatements() {
		try {
			createStatistics();
			costs(true);
			return true;
		}
		catch (DataAccessException ex) {
			clean(false);
			return false;
		}
	}

	private void createStatistics() {
		this.jdbc.sql("CREATE SCHEMA statistics").update();
		this.jdbc.sql("CREATE EXTENSION pg_stat_statements SCHEMA statistics").update();
	}

	@Override
	public void settle() {
		this.jdbc.sql("VACUUM ANALYZE").update();
		if (this.server != null) {
			this.jdbc.sql("CHECKPOINT").update();
		}
	}

	@Override
	public boolean countsCosts() {
		return this.counts;
	}

	@Override
	public Costs costs() {
		return costs(this.counts);
	}

	private Costs costs(boolean counts) {
		return counts ? this.jdbc.sql(COSTS).query(PostgresDatabase::row).single() : new Costs(0, 0, 0);
	}

	private static Costs row(ResultSet rs, int index) throws SQLException {
		return new Costs(rs.getLong("statements"), rs.getLong("transactions"), rs.getLong("wal_bytes"));
	}

	@Override
	public void close() {
		if (this.server == null) {
			clean(false);
		}
		else {
			try {
				this.server.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
