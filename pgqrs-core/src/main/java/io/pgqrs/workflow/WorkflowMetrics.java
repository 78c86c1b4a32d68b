package io.pgqrs.workflow;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.pgqrs.store.RunCounts;

/**
 * How many runs a workflow has. No figure is counted beyond {@link #COUNT_LIMIT}, so that
 * asking stays cheap.
 *
 * @param workflow name of the workflow
 * @param runs how many runs have a status; none is missing
 * @since 0.1
 */
public record WorkflowMetrics(String workflow, Map<RunStatus, Long> runs) {

	/** No figure is counted beyond this. */
	public static final int COUNT_LIMIT = RunCounts.LIMIT;

	static List<WorkflowMetrics> of(List<RunCounts> counts) {
		Map<String, Map<RunStatus, Long>> workflows = new LinkedHashMap<>();
		for (RunCounts count : counts) {
			workflows.computeIfAbsent(count.workflow(), (workflow) -> none())
				.put(RunStatus.valueOf(count.status()), count.count());
		}
		return workflows.entrySet()
			.stream()
			.map((entry) -> new WorkflowMetrics(entry.getKey(), entry.getValue()))
			.toList();
	}

	/**
	 * The figures of a workflow without runs.
	 * @return 0 for each status; the caller's to change
	 */
	public static Map<RunStatus, Long> none() {
		Map<RunStatus, Long> counts = new EnumMap<>(RunStatus.class);
		for (RunStatus status : RunStatus.values()) {
			counts.put(status, 0L);
		}
		return counts;
	}

}
