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

	public static QueueRecord queue(ResultSet rs, Instant createdAt) throws SQLException {
		QueueSettings settings = new QueueSettings(millis(rs, "visibility_timeout_ms"), rs.getInt("max_attempts"),
				millis(rs, "backoff_initial_ms"), rs.getDouble("backoff_multiplier"), millis(rs, "backoff_max_ms"),
				rs.getBoolean("archive_on_success"), millis(rs, "archive_retention_ms"),
				millis(rs, "dead_letter_retention_ms"));
		return new QueueRecord(rs.getInt("id"), rs.getString("name"), settings, rs.getBoolean("paused"), createdAt);
	}

	public static Map<String, Object> params(QueueSettings settings) {
		return Map.of("visibilityTimeout", settings.visibilityTimeout().toMillis(), "maxAttempts",
				settings.maxAttempts(), "initialBackoff", settings.initialBackoff().toMillis(), "backoffMultiplier",
				settings.backoffMultiplier(), "maxBackoff", settings.maxBackoff().toMillis(), "archiveOnSuccess",
				settings.archiveOnSuccess(), "archiveRetention", settings.archiveRetention().toMillis(),
				"deadLetterRetention", settings.deadLetterRetention().toMillis());
	}

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
