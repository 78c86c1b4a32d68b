package io.pgqrs.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;

import io.pgqrs.store.MessageRecord;
import io.pgqrs.store.MessageRecord.State;
import org.jspecify.annotations.Nullable;

/**
 * Maps a message that was looked for in all three tables.
 *
 * @since 0.1
 */
public final class MessageRows {

	private MessageRows() {
	}

	/**
	 * Maps a message.
	 * @param rs on the row, with the {@code state} and the name of the {@code queue}
	 * @param times reads a time as the database has it
	 * @return the message
	 * @throws SQLException if a column cannot be read
	 */
	public static MessageRecord message(ResultSet rs, Times times) throws SQLException {
		long worker = rs.getLong("worker_id");
		Long holder = rs.wasNull() ? null : worker;
		return new MessageRecord(rs.getLong("id"), rs.getString("queue"), State.valueOf(rs.getString("state")),
				rs.getInt("priority"), rs.getInt("attempts"), Objects.requireNonNull(times.read(rs, "enqueued_at")),
				times.read(rs, "visible_at"), times.read(rs, "claimed_at"), times.read(rs, "ended_at"), holder,
				rs.getString("deduplication_key"), rs.getString("headers"), rs.getString("payload"),
				rs.getString("error"));
	}

	/** Reads a time. */
	@FunctionalInterface
	public interface Times {

		/**
		 * Reads one.
		 * @param rs on the row
		 * @param column its name
		 * @return null if it is null
		 * @throws SQLException if the column cannot be read
		 */
		@Nullable Instant read(ResultSet rs, String column) throws SQLException;

	}

}
