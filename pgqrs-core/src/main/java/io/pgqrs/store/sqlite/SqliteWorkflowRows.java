package io.pgqrs.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

import io.pgqrs.store.RunDirective;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.StepRecord;
import io.pgqrs.store.jdbc.WorkflowHistoryRow;
import io.pgqrs.store.jdbc.WorkflowRunRows;
import io.pgqrs.store.jdbc.WorkflowStepRows;
import org.jspecify.annotations.Nullable;

/** Row mappers for runs and steps, whose times are milliseconds. */
final class SqliteWorkflowRows {

	private SqliteWorkflowRows() {
	}

	static RunRecord run(ResultSet rs, int index) throws SQLException {
		return WorkflowRunRows.run(rs, Instant.ofEpochMilli(rs.getLong("created_at")), instant(rs, "started_at"),
				instant(rs, "completed_at"));
	}

	static StepRecord step(ResultSet rs, int index) throws SQLException {
		return WorkflowStepRows.step(rs, Instant.ofEpochMilli(rs.getLong("started_at")), instant(rs, "completed_at"));
	}

	static WorkflowHistoryRow history(ResultSet rs, int index) throws SQLException {
		return new WorkflowHistoryRow(rs.getLong("run_id"), directive(rs, index),
				WorkflowStepRows.millis(rs, "run_time_left_ms"), rs.getInt("run_attempts"),
				(rs.getString("name") != null) ? step(rs, index) : null);
	}

	/** Of the status that is stored, which is {@code run_status} here. */
	static RunDirective directive(ResultSet rs, int index) throws SQLException {
		return WorkflowRunRows.directive(rs.getString("run_status"), rs.getBoolean("held"));
	}

	private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
		long millis = rs.getLong(column);
		return rs.wasNull() ? null : Instant.ofEpochMilli(millis);
	}

}
