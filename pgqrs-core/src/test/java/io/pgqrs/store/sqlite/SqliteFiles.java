package io.pgqrs.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** Data sources and connections for a SQLite file. */
final class SqliteFiles {

	/** Defaults with a short wait, for tests in which the wait fails. */
	static final SqliteOptions IMPATIENT = SqliteOptions.defaults()
		.withBusyTimeout(Duration.ofMillis(200))
		.withLockTimeout(Duration.ofMillis(200));

	private SqliteFiles() {
	}

	static String url(Path file) {
		return "jdbc:sqlite:" + file;
	}

	static HikariDataSource hikari(Path file, int poolSize) {
		return new HikariDataSource(config(file, poolSize));
	}

	static HikariConfig config(Path file, int poolSize) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url(file));
		config.setMaximumPoolSize(poolSize);
		return config;
	}

	static HikariDataSource prepared(HikariDataSource dataSource, SqliteOptions options) {
		return (HikariDataSource) SqliteDataSources.prepare(dataSource, options);
	}

	/** A connection that knows nothing of the writer lock, as another process has it. */
	static Connection raw(Path file) throws SQLException {
		return DriverManager.getConnection(url(file) + "?busy_timeout=0");
	}

	static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	static void update(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.executeUpdate(sql);
		}
	}

	static long number(Connection connection, String sql) throws SQLException {
		return Long.parseLong(text(connection, sql));
	}

	static String text(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getString(1);
		}
	}

}
