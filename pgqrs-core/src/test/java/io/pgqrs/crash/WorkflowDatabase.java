package io.pgqrs.crash;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.PgqrsStores;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.sqlite.SqliteOptions;
import io.pgqrs.test.TestPostgres;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.core.simple.JdbcClient;

/** A database that several processes share: where it is, and a store on it. */
final class WorkflowDatabase implements AutoCloseable {

	private static final Pattern TABLE = Pattern.compile("\\bpgqrs_\\w+");

	private static final int POOL_SIZE = 16;

	private final List<HikariDataSource> pools = new ArrayList<>();

	private final List<PgqrsStore> stores = new ArrayList<>();

	private final String url;

	private final String schema;

	private final PgqrsStore store;

	/** What a process makes of its arguments. */
	WorkflowDatabase(String url, String schema) {
		this(url, schema, UnaryOperator.identity());
	}

	WorkflowDatabase(String url, String schema, UnaryOperator<DataSource> decorator) {
		this.url = url;
		this.schema = schema;
		this.store = newStore(decorator);
	}

	static WorkflowDatabase postgres() {
		TestPostgres server = TestPostgres.instance();
		return installed(new WorkflowDatabase(server.url(), server.newSchema()));
	}

	static WorkflowDatabase sqlite(Path directory) {
		return installed(
				new WorkflowDatabase("jdbc:sqlite:" + directory.resolve("workflows.db"), PgqrsStores.DEFAULT_SCHEMA));
	}

	private static WorkflowDatabase installed(WorkflowDatabase database) {
		database.store.schema().migrate();
		return database;
	}

	/** Another store on the same tables, with a pool of its own. */
	PgqrsStore newStore(UnaryOperator<DataSource> decorator) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.url);
		config.setMaximumPoolSize(POOL_SIZE);
		config.setMinimumIdle(0);
		HikariDataSource pool = new HikariDataSource(config);
		this.pools.add(pool);
		PgqrsStore store = PgqrsStores.create(decorator.apply(pool), this.schema, direct(), SqliteOptions.defaults());
		this.stores.add(store);
		return store;
	}

	private DataSource direct() {
		if (isSqlite()) {
			return null;
		}
		PGSimpleDataSource direct = new PGSimpleDataSource();
		direct.setUrl(this.url);
		return direct;
	}

	private boolean isSqlite() {
		return this.url.startsWith("jdbc:sqlite:");
	}

	String url() {
		return this.url;
	}

	String schema() {
		return this.schema;
	}

	PgqrsStore store() {
		return this.store;
	}

	/** How many connections of the store are in use. */
	int activeConnections() {
		return this.pools.get(0).getHikariPoolMXBean().getActiveConnections();
	}

	/**
	 * Any statement.
	 * @param sql names the tables as {@code pgqrs_messages}, without a schema
	 */
	JdbcClient.StatementSpec sql(String sql) {
		return sql(this.store, sql);
	}

	JdbcClient.StatementSpec sql(PgqrsStore store, String sql) {
		return JdbcClient.create(store.dataSource())
			.sql(isSqlite() ? sql : TABLE.matcher(sql).replaceAll("\"" + this.schema + "\".$0"));
	}

	long count(String from) {
		return sql("SELECT count(*) FROM " + from).query(Long.class).single();
	}

	/**
	 * Definition of a column that holds when its row was inserted, as steps hold times.
	 */
	String clockColumn() {
		return isSqlite() ? "INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER))"
				: "timestamptz NOT NULL DEFAULT clock_timestamp()";
	}

	/** To be called where the database was installed. */
	@Override
	public void close() {
		this.stores.forEach((store) -> store.wakeUps().close());
		if (!isSqlite()) {
			JdbcClient.create(direct()).sql("DROP SCHEMA \"" + this.schema + "\" CASCADE").update();
		}
		this.pools.forEach(HikariDataSource::close);
	}

}
