package io.pgqrs.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

import io.pgqrs.store.RunDirective;
import io.pgqrs.store.RunRecord;
import org.jspecify.annotations.Nullable;

/**
 * Maps {@code pgqrs_workflow_runs} and what the message of a run adds, whose columns are
 * alike on both databases but for the times.
 *
 * @since 0.1
 */
public final class WorkflowRunRows {

	private WorkflowRunRows() {
	}

	/**
	 * Maps a run.
	 * @param rs on the row, with the {@code status} and the {@code attempts} that it has
	 * now
	 * @param createdAt its {@code created_at}, which each database reads in its own way
	 * @param startedAt the same, {@code started_at}
	 * @param completedAt the same, {@code completed_at}
	 * @return the run
	 * @throws SQLException if a column cannot be read
	 */
	public static RunRecord run(ResultSet rs, Instant createdAt, @Nullable Instant startedAt,
			@Nullable Instant completedAt) throws SQLException {
		return new RunRecord(rs.getLong("id"), rs.getString("workflow"), rs.getString("key"), rs.getInt("attempts"),
				rs.getInt("priority"), rs.getString("status"), rs.getString("input"), rs.getString("output"),
				rs.getString("error"), createdAt, startedAt, completedAt);
	}

	/**
	 * What is to become of a run that is leased.
	 * @param status its {@code status} as it is stored
	 * @param held whether a pause was asked for
	 * @return never {@link RunDirective#LOST}
	 */
	public static RunDirective directive(String status, boolean held) {
		if (status.equals(RunRecord.CANCELLING)) {
			return RunDirective.CANCEL;
		}
		return held ? RunDirective.PAUSE : RunDirective.CONTINUE;
	}

}
