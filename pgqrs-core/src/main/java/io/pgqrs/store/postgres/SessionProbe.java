package io.pgqrs.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds out whether a connection keeps its session at the server, without which nothing
 * arrives of what it listens to. A pooler accepts LISTEN, and says nothing about how it
 * pools; so a notification has to arrive.
 */
final class SessionProbe {

	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

	/** Enough to come back to one of the server connections that a pooler has. */
	private static final int ATTEMPTS = 200;

	private static final String NOTIFY = "SELECT pg_notify(:channel, '')";

	private final JdbcClient jdbc;

	/** Nobody sends to it, should it stay behind at a server connection of a pooler. */
	private final String channel;

	SessionProbe(JdbcClient jdbc, String channel) {
		this.jdbc = jdbc;
		this.channel = channel;
	}

	/**
	 * Asks the server, and takes two seconds only where the answer is no.
	 * @param connection listens to nothing, and does not afterwards
	 * @return whether its session is its own
	 */
	boolean holdsSession(Connection connection) throws SQLException {
		PGConnection driver = connection.unwrap(PGConnection.class);
		try (Statement statement = connection.createStatement()) {
			// A pooler makes up the process that it tells the driver of.
			if (pid(statement, "") == driver.getBackendPID()) {
				return true;
			}
			// One message: the pooler sends it to one server connection.
			int pid = pid(statement, "LISTEN \"" + this.channel + "\"; ");
			try {
				// By another session: what one tells itself arrives in any case.
				this.jdbc.sql(NOTIFY).param("channel", this.channel).query((rs) -> {
				});
				return arrives(driver);
			}
			finally {
				unlisten(statement, pid);
			}
		}
	}

	private boolean arrives(PGConnection driver) throws SQLException {
		long end = System.nanoTime() + PATIENCE_NANOS;
		long left = PATIENCE_NANOS;
		while (left > 0) {
			PGNotification[] received = driver.getNotifications((int) TimeUnit.NANOSECONDS.toMillis(left) + 1);
			if (hasOwn(received)) {
				return true;
			}
			left = end - System.nanoTime();
		}
		return false;
	}

	private boolean hasOwn(PGNotification @Nullable [] received) {
		if (received != null) {
			for (PGNotification notification : received) {
				if (notification.getName().equals(this.channel)) {
					return true;
				}
			}
		}
		return false;
	}

	/** As other clients of the pooler would get on with the session that listens. */
	private static void unlisten(Statement statement, int listening) throws SQLException {
		int attempt = 1;
		while (pid(statement, "UNLISTEN *; ") != listening && attempt < ATTEMPTS) {
			attempt++;
		}
	}

	/** The server process that executes a command. */
	private static int pid(Statement statement, String command) throws SQLException {
		boolean rows = statement.execute(command + "SELECT pg_backend_pid()");
		if (!rows) {
			statement.getMoreResults();
		}
		try (ResultSet pid = statement.getResultSet()) {
			pid.next();
			return pid.getInt(1);
		}
	}

}
