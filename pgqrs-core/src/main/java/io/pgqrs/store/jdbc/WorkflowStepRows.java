package io.pgqrs.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

import io.pgqrs.store.StepKind;
import io.pgqrs.store.StepRecord;
import org.jspecify.annotations.Nullable;

/**
 * Maps {@code pgqrs_workflow_steps}, whose columns are alike on both databases but for
 * the times.
 *
 * @since 0.1
 */
public final class WorkflowStepRows {

	private WorkflowStepRows() {
	}

	/**
	 * Maps a step.
	 * @param rs on the row, with {@code time_left_ms} in milliseconds
	 * @param startedAt its {@code started_at}, which each database reads in its own way
	 * @param completedAt the same, {@code completed_at}
	 * @return the step
	 * @throws SQLException if a column cannot be read
	 */
	public static StepRecord step(ResultSet rs, Instant startedAt, @Nullable Instant completedAt) throws SQLException {
		return new StepRecord(rs.getString("name"), StepKind.valueOf(rs.getString("kind")), rs.getString("status"),
				rs.getInt("attempts"), rs.getString("output"), rs.getString("error"), millis(rs, "time_left_ms"),
				startedAt, completedAt);
	}

	/**
	 * Maps a number of milliseconds.
	 * @param rs on the row
	 * @param column its name
	 * @return null if it is null
	 * @throws SQLException if the column cannot be read
	 */
	public static @Nullable Duration millis(ResultSet rs, String column) throws SQLException {
		long millis = rs.getLong(column);
		return rs.wasNull() ? null : Duration.ofMillis(millis);
	}

}
