package io.pgqrs.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.pgqrs.store.RunDirective;
import io.pgqrs.store.RunHistory;
import io.pgqrs.store.StepRecord;
import org.jspecify.annotations.Nullable;

/**
 * A run and one of its steps.
 *
 * @param runId the run
 * @param directive what is to become of it
 * @param timeLeft until its timeout, or null if it has none
 * @param progress the attempt of the run in which the step was recorded
 * @param step the step, or null if the run has none
 * @since 0.1
 */
public record WorkflowHistoryRow(long runId, RunDirective directive, @Nullable Duration timeLeft, int progress,
		@Nullable StepRecord step) {

	/**
	 * Puts together what belongs to the same run.
	 * @param rows at least one for each run, in no order
	 * @return by the id of the run
	 */
	public static Map<Long, RunHistory> histories(List<WorkflowHistoryRow> rows) {
		return rows.stream()
			.collect(Collectors.groupingBy(WorkflowHistoryRow::runId,
					Collectors.collectingAndThen(Collectors.toList(), WorkflowHistoryRow::history)));
	}

	private static RunHistory history(List<WorkflowHistoryRow> rows) {
		WorkflowHistoryRow run = rows.get(0);
		int lastProgress = rows.stream().mapToInt(WorkflowHistoryRow::progress).max().orElse(0);
		List<StepRecord> steps = rows.stream().flatMap((row) -> Stream.ofNullable(row.step())).toList();
		return new RunHistory(run.directive(), run.timeLeft(), lastProgress, steps);
	}

}
