package io.pgqrs.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.pgqrs.store.NewRun;
import io.pgqrs.store.RunDirective;
import io.pgqrs.store.RunRecord;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;

/**
 * Maps {@code pgqrs_workflow_runs} and what the message of a run adds, whose columns are
 * alike on both databases but for the times.
 *
 * @since 0.1
 */
public final class WorkflowRunRows {

	// A run has these while it has a message; which of them is derived from both.
	private static final Set<String> WITH_MESSAGE = Set.of(RunRecord.QUEUED, RunRecord.RUNNING, RunRecord.PAUSED);

	private static final Set<String> STATUSES = Set.of(RunRecord.QUEUED, RunRecord.RUNNING, RunRecord.PAUSED,
			RunRecord.CANCELLING, RunRecord.CANCELLED, RunRecord.SUCCESS, RunRecord.ERROR);

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

	/**
	 * The statuses that a filter asks for.
	 * @param statuses of the filter, empty for any
	 * @return at least one
	 */
	public static Set<String> wanted(Set<String> statuses) {
		return statuses.isEmpty() ? STATUSES : statuses;
	}

	/**
	 * What runs may be stored with that have some statuses now.
	 * @param statuses at least one
	 * @return the statuses to look for in the column
	 */
	public static Set<String> stored(Set<String> statuses) {
		return STATUSES.stream()
			.filter((stored) -> statuses.contains(stored)
					|| (WITH_MESSAGE.contains(stored) && !Collections.disjoint(statuses, WITH_MESSAGE)))
			.collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * All headers of the message of a run.
	 * @param run what to start
	 * @return a JSON object, or null for none
	 */
	public static @Nullable String headers(NewRun run) {
		if (run.timeout() == null) {
			return run.headers();
		}
		Map<String, String> headers = new LinkedHashMap<>(PayloadJson.readHeaders(run.headers()));
		headers.put(NewRun.TIMEOUT_HEADER, Long.toString(run.timeout().toMillis()));
		return PayloadJson.writeHeaders(headers);
	}

}
