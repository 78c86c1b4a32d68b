package io.pgqrs.benchmarks.contender;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import io.pgqrs.benchmarks.database.Database;

/** The statements of a {@link BareLoop} on one backend. */
interface BareStatements {

	static BareStatements on(Database database, boolean archive) {
		return database.isPostgres() ? new BarePostgres(archive) : new BareSqlite(archive);
	}

	/** Puts the messages 0 to n - 1 in, each due a moment after the one before. */
	void fill(Connection connection, int messages) throws SQLException;

	/** Inserts messages and commits. */
	void enqueue(Connection connection, List<Long> values) throws SQLException;

	/**
	 * Prepares what one loop executes.
	 * @param connection of that loop
	 * @param batch messages to claim
	 */
	Session session(Connection connection, int batch) throws SQLException;

	/** The prepared statements of one loop. */
	interface Session extends AutoCloseable {

		List<Claimed> claim() throws SQLException;

		void complete(List<Claimed> messages) throws SQLException;

		@Override
		void close() throws SQLException;

	}

	/**
	 * A message under a lease.
	 *
	 * @param id of the message
	 * @param deliveryCount the fencing token
	 * @param value the payload
	 */
	record Claimed(long id, int deliveryCount, long value) {
	}

}
