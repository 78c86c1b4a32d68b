package io.pgqrs.store.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnection;

import org.springframework.util.ClassUtils;

/**
 * What is special to the driver below the pool. Everything that {@code sqlite-jdbc} can
 * do on its own about transactions is switched off here, because it begins the next
 * transaction with the end of the previous one: an idle connection would hold the write
 * lock.
 */
final class SqliteDriver {

	static final int BUSY = 5;

	static final int READ_ONLY = 8;

	private static final boolean XERIAL = ClassUtils.isPresent("org.sqlite.SQLiteConnection",
			SqliteDriver.class.getClassLoader());

	private static final String POOL = "com.zaxxer.hikari.";

	private SqliteDriver() {
	}

	/** The connection below all pools and proxies, which outlives its checkouts. */
	static Connection physical(Connection connection) throws SQLException {
		if (XERIAL && Xerial.isWrappedBy(connection)) {
			return Xerial.unwrap(connection);
		}
		return connection.isWrapperFor(Connection.class) ? connection.unwrap(Connection.class) : connection;
	}

	/**
	 * Whether statements may bypass what is between a connection and the driver: there is
	 * nothing but Hikari's pool, and nobody who logs or counts them.
	 */
	static boolean isLookedOnByNobody(Connection connection, Connection physical) throws SQLException {
		return XERIAL && Xerial.isInstance(physical) && connection.getClass().getName().startsWith(POOL)
				&& connection.unwrap(Connection.class) == physical;
	}

	static void configure(Connection physical, Duration busyTimeout) throws SQLException {
		if (XERIAL && Xerial.isInstance(physical)) {
			Xerial.configure(physical, Math.toIntExact(busyTimeout.toMillis()));
		}
		else {
			query(physical, "PRAGMA busy_timeout = " + busyTimeout.toMillis());
		}
	}

	static void execute(Connection physical, String sql) throws SQLException {
		if (XERIAL && Xerial.isInstance(physical)) {
			Xerial.execute(physical, sql);
			return;
		}
		try (Statement statement = physical.createStatement()) {
			statement.execute(sql);
		}
	}

	/** The last column of the first row, or null if there is no row. */
	static @Nullable String query(Connection physical, String sql) throws SQLException {
		try (Statement statement = physical.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			return rows.next() ? rows.getString(rows.getMetaData().getColumnCount()) : null;
		}
	}

	/**
	 * SQLite's primary result code, whether the driver reports the extended one or not.
	 */
	static int resultCode(SQLException ex) {
		return ex.getErrorCode() & 0xFF;
	}

	/** Loaded only where the driver is. */
	private static final class Xerial {

		private Xerial() {
		}

		static boolean isWrappedBy(Connection connection) throws SQLException {
			return connection.isWrapperFor(SQLiteConnection.class);
		}

		static Connection unwrap(Connection connection) throws SQLException {
			return connection.unwrap(SQLiteConnection.class);
		}

		static boolean isInstance(Connection connection) {
			return connection instanceof SQLiteConnection;
		}

		static void configure(Connection connection, int busyTimeoutMillis) throws SQLException {
			SQLiteConnection sqlite = (SQLiteConnection) connection;
			// Not the PRAGMA: the driver puts back the value it knows after each
			// statement
			// with a query timeout.
			sqlite.setBusyTimeout(busyTimeoutMillis);
			// commit() and rollback() begin the next transaction at once, in this mode.
			sqlite.getConnectionConfig().setTransactionMode(TransactionMode.DEFERRED);
			// Would begin transactions behind our back, and leaves query_only behind.
			sqlite.getDatabase().getConfig().setExplicitReadOnly(false);
		}

		// Below Statement.execute, which costs three times as much.
		static void execute(Connection connection, String sql) throws SQLException {
			((SQLiteConnection) connection).getDatabase().exec(sql, false);
		}

	}

}
