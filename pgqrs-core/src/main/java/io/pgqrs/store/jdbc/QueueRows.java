package io.pgqrs.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.pgqrs.store.QueueCounts;
import io.pgqrs.store.QueueRecord;
import io.pgqrs.store.QueueSettings;

/**
 * Maps {@code pgqrs_queues}, whose columns are alike on both databases but for the times.
 *
 * @since 0.1
 */
public final class QueueRows {

	private QueueRows() {
	}

	/**
	 * Maps a row of {@code pgqrs_queues}.
	 * @param rs on the row
	 * @param createdAt its {@code created_at}, which each database reads in its own way
	 * @return the queue
	 * @throws SQLException if a column cannot be read
	 */
	public static QueueRecord queue(ResultSet rs, Instant createdAt) throws SQLException {
		QueueSettings settings = new QueueSettings(millis(rs, "visibility_timeout_ms"), rs.getInt("max_attempts"),
				millis(rs, "backoff_initial_ms"), rs.getDouble("backoff_multiplier"), millis(rs, "backoff_max_ms"),
				rs.getBoolean("archive_on_success"), millis(rs, "archive_retention_ms"),
				millis(rs, "dead_letter_retention_ms"));
		return new QueueRecord(rs.getInt("id"), rs.getString("name"), settings, rs.getBoolean("paused"), createdAt);
	}

	/**
	 * The columns of the settings, as named parameters of a statement.
	 * @param settings how a queue treats its messages
	 * @return durations in milliseconds, by the names of the parameters
	 */
	public static Map<String, Object> params(QueueSettings settings) {
		return Map.of("visibilityTimeout", settings.visibilityTimeout().toMillis(), "maxAttempts",
				settings.maxAttempts(), "initialBackoff", settings.initialBackoff().toMillis(), "backoffMultiplier",
				settings.backoffMultiplier(), "maxBackoff", settings.maxBackoff().toMillis(), "archiveOnSuccess",
				settings.archiveOnSuccess(), "archiveRetention", settings.archiveRetention().toMillis(),
				"deadLetterRetention", settings.deadLetterRetention().toMillis());
	}

	/**
	 * Maps what a statement counted; a {@code RowMapper}.
	 * @param rs on the row, with {@code oldest_ms} in milliseconds
	 * @param index is ignored
	 * @return the figures
	 * @throws SQLException if a column cannot be read
	 */
	public static QueueCounts counts(ResultSet rs, int index) throws SQLException {
		long oldest = rs.getLong("oldest_ms");
		Duration oldestReadyAge = rs.wasNull() ? null : Duration.ofMillis(Math.max(0, oldest));
		return new QueueCounts(rs.getString("name"), rs.getLong("ready"), rs.getLong("delayed"),
				rs.getLong("in_flight"), rs.getLong("archived"), rs.getLong("dead"), oldestReadyAge,
				rs.getBoolean("paused"));
	}

	private static Duration millis(ResultSet rs, String column) throws SQLException {
		return Duration.ofMillis(rs.getLong(column));
	}

}
