package io.pgqrs.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

import io.pgqrs.store.RunRecord;
import io.pgqrs.store.StepRecord;
import io.pgqrs.store.jdbc.WorkflowHistoryRow;
import io.pgqrs.store.jdbc.WorkflowRunRows;
import io.pgqrs.store.jdbc.WorkflowStepRows;
import org.jspecify.annotations.Nullable;

/**
 * Maps the tables of workflows with the times of PostgreSQL; all are {@code RowMapper}s.
 */
final class PostgresWorkflowRows {

	private PostgresWorkflowRows() {
	}

	static RunRecord run(ResultSet rs, int index) throws SQLException {
		return WorkflowRunRows.run(rs, rs.getObject("created_at", OffsetDateTime.class).toInstant(),
				time(rs, "started_at"), time(rs, "completed_at"));
	}

	static StepRecord step(ResultSet rs, int index) throws SQLException {
		return WorkflowStepRows.step(rs, rs.getObject("started_at", OffsetDateTime.class).toInstant(),
				time(rs, "completed_at"));
	}

	/** A run that has no step yet comes with nulls for it. */
	static WorkflowHistoryRow history(ResultSet rs, int index) throws SQLException {
		boolean recorded = rs.getString("name") != null;
		return new WorkflowHistoryRow(rs.getLong("run_id"),
				WorkflowRunRows.directive(rs.getString("run_status"), rs.getBoolean("held")),
				WorkflowStepRows.millis(rs, "run_time_left_ms"), rs.getInt("run_attempts"),
				recorded ? step(rs, index) : null);
	}

	private static @Nullable Instant time(ResultSet rs, String column) throws SQLException {
		OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

}
