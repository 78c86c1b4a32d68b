package io.pgqrs.benchmarks.contender;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The prepared statements of one worker of {@link RustShaped}, on its own connection. */
final class RustShapedSession implements AutoCloseable {

	static final String READY = "ready";

	private static final Duration LEASE = Duration.ofMinutes(5);

	private static final int MAX_DELIVERIES = 5;

	// Served by the primary key.
	private static final String STATUS = "SELECT status FROM rust_shaped_workers WHERE id = ?";

	private final RustShapedDialect dialect;

	private final Writer writer;

	private final long worker;

	private final Connection connection;

	private final PreparedStatement status;

	private final PreparedStatement claim;

	private final PreparedStatement archive;

	RustShapedSession(RustShapedDialect dialect, Writer writer, long worker, Connection connection)
			throws SQLException {
		this.dialect = dialect;
		this.writer = writer;
		this.worker = worker;
		this.connection = connection;
		this.status = connection.prepareStatement(STATUS);
		this.claim = connection.prepareStatement(dialect.claim());
		this.archive = connection.prepareStatement(dialect.archive());
	}

	/**
	 * Claims messages, if the worker is to work.
	 * @param batch how many
	 */
	List<Message> claim(int batch) throws SQLException {
		if (!isReady()) {
			throw new IllegalStateException("Worker " + this.worker + " is not ready");
		}
		Instant now = Instant.now();
		this.claim.setObject(1, this.dialect.time(now.plus(LEASE)));
		this.claim.setObject(2, this.dialect.time(now));
		this.claim.setLong(3, this.worker);
		this.claim.setObject(4, this.dialect.time(now));
		this.claim.setInt(5, MAX_DELIVERIES);
		this.claim.setInt(6, batch);
		return this.writer.write(() -> messages(this.claim));
	}

	private boolean isReady() throws SQLException {
		this.status.setLong(1, this.worker);
		try (ResultSet rs = this.status.executeQuery()) {
			return rs.next() && READY.equals(rs.getString(1));
		}
	}

	static List<Message> messages(PreparedStatement statement) throws SQLException {
		try (ResultSet rs = statement.executeQuery()) {
			List<Message> messages = new ArrayList<>();
			while (rs.next()) {
				messages.add(new Message(rs.getLong("id"), Long.parseLong(rs.getString("payload"))));
			}
			return messages;
		}
	}

	void archive(List<Message> messages) throws SQLException {
		List<Long> ids = messages.stream().map(Message::id).toList();
		this.archive.setObject(1, this.dialect.time(Instant.now()));
		this.archive.setObject(2, this.dialect.ids(this.connection, ids));
		this.archive.setLong(3, this.worker);
		this.writer.write(this.archive::executeUpdate);
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

	/** A message as it is read. */
	record Message(long id, long value) {
	}

	/** Decides when a statement that writes is executed. */
	interface Writer {

		<T> T write(Write<T> write) throws SQLException;

	}

	/** A statement that writes, and the reading of what it returns. */
	interface Write<T> {

		T execute() throws SQLException;

	}

}
