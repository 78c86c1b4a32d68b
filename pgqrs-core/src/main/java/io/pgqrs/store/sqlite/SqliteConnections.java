package io.pgqrs.store.sqlite;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/** Sets up each physical connection once, and wraps each checkout of it. */
final class SqliteConnections {

	private static final Class<?>[] PROXY_INTERFACES = { PreparedConnection.class };

	private static final long WAL_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private final SqliteOptions options;

	/** What is set up is never set up again. */
	private final Map<Connection, SetUp> known = new ConcurrentHashMap<>();

	SqliteConnections(SqliteOptions options) {
		this.options = options;
	}

	Connection prepare(Connection connection) throws SQLException {
		try {
			if (connection.isWrapperFor(PreparedConnection.class)) {
				return connection;
			}
			Connection physical = SqliteDriver.physical(connection);
			SetUp setUp = setUpOnce(physical);
			SqliteTransaction transaction = new SqliteTransaction(connection, physical, setUp.lock(),
					this.options.lockTimeout());
			ReusedStatements statements = SqliteDriver.isLookedOnByNobody(connection, physical)
					? new ReusedStatements(physical, setUp.statements()) : null;
			return (Connection) Proxy.newProxyInstance(SqliteConnections.class.getClassLoader(), PROXY_INTERFACES,
					new ConnectionHandler(connection, transaction, statements));
		}
		catch (SQLException | RuntimeException ex) {
			closeAfter(ex, connection);
			throw ex;
		}
	}

	private SetUp setUpOnce(Connection physical) throws SQLException {
		SetUp setUp = this.known.get(physical);
		if (setUp == null) {
			setUp = new SetUp(setUp(physical), new StatementCache());
			this.known.keySet().removeIf(SqliteConnections::isClosed);
			this.known.put(physical, setUp);
		}
		return setUp;
	}

	private static boolean isClosed(Connection physical) {
		try {
			return physical.isClosed();
		}
		catch (SQLException ex) {
			return true;
		}
	}

	private WriterLock setUp(Connection physical) throws SQLException {
		SqliteDriver.configure(physical, this.options.busyTimeout());
		// A pool with auto-commit off has begun a transaction already, and neither pragma
		// works inside one.
		boolean autoCommit = physical.getAutoCommit();
		if (!autoCommit) {
			physical.setAutoCommit(true);
		}
		try {
			WriterLock lock = WriterLock.of(file(physical));
			enableWriteAheadLog(physical, lock);
			SqliteDriver.execute(physical, "PRAGMA synchronous = " + this.options.synchronous());
			return lock;
		}
		finally {
			if (!autoCommit) {
				physical.setAutoCommit(false);
			}
		}
	}

	// The first database is always the main one, and its file the last column.
	private static Path file(Connection physical) throws SQLException {
		String file = SqliteDriver.query(physical, "PRAGMA database_list");
		if (!StringUtils.hasLength(file)) {
			throw new SQLException(
					("'%s' is a database without a file: it is private to one connection, or cannot be read while"
							+ " somebody writes. Use a file, for example jdbc:sqlite:app.db, or in tests one in a"
							+ " temporary directory")
						.formatted(physical.getMetaData().getURL()));
		}
		return Path.of(file);
	}

	// The mode stays in the file, so nearly always this is one read.
	private void enableWriteAheadLog(Connection physical, WriterLock lock) throws SQLException {
		if (physical.isReadOnly() || isWriteAheadLog(SqliteDriver.query(physical, "PRAGMA journal_mode"))) {
			return;
		}
		WriterLock.Hold hold = lock.acquire(this.options.lockTimeout());
		try {
			String mode = switchToWriteAheadLog(physical, this.options.busyTimeout());
			if (!isWriteAheadLog(mode)) {
				throw new SQLException(
						("%s stays in journal mode '%s' and cannot use a write-ahead log, without which readers and the"
								+ " writer block each other. Put the file on a local disk")
							.formatted(lock.file(), mode));
			}
		}
		catch (SQLException ex) {
			if (SqliteDriver.resultCode(ex) != SqliteDriver.READ_ONLY) {
				throw ex;
			}
		}
		finally {
			hold.release();
		}
	}

	// SQLite does not ask its busy handler here.
	private static String switchToWriteAheadLog(Connection physical, Duration timeout) throws SQLException {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (true) {
			try {
				return String.valueOf(SqliteDriver.query(physical, "PRAGMA journal_mode = WAL"));
			}
			catch (SQLException ex) {
				boolean expired = System.nanoTime() - deadline > 0;
				if (SqliteDriver.resultCode(ex) != SqliteDriver.BUSY || expired
						|| Thread.currentThread().isInterrupted()) {
					throw ex;
				}
				LockSupport.parkNanos(WAL_RETRY_NANOS);
			}
		}
	}

	private static boolean isWriteAheadLog(@Nullable String mode) {
		return "wal".equalsIgnoreCase(mode);
	}

	private static void closeAfter(Exception failure, Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
		}
	}

	/**
	 * What belongs to a physical connection.
	 *
	 * @param lock of its file
	 * @param statements that it has prepared
	 */
	private record SetUp(WriterLock lock, StatementCache statements) {
	}

}
