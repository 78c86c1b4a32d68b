package io.pgqrs.benchmarks.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.contender.WorkflowContender;
import io.pgqrs.benchmarks.contender.Workflows;
import io.pgqrs.benchmarks.database.Costs;
import io.pgqrs.benchmarks.database.Database;

/** What a run costs: executed by its caller, and from a queue. */
final class RunCosts {

	private static final int CONCURRENCY = 8;

	private static final int POOL_SIZE = 10;

	private final String scenario;

	private final List<WorkflowContender> contenders;

	private final Database database;

	private final Meter meter;

	private final int runs;

	RunCosts(String scenario, List<WorkflowContender> contenders, Database database, int runs) {
		this.scenario = scenario;
		this.contenders = contenders.stream().filter((contender) -> contender.worksOn(database)).toList();
		this.database = database;
		this.meter = new Meter(database);
		this.runs = runs;
	}

	List<Comparison> comparisons(boolean full) {
		if (this.contenders.isEmpty()) {
			return List.of();
		}
		List<Comparison> comparisons = new ArrayList<>();
		for (int steps : full ? new int[] { 0, 3, 10 } : new int[] { 3 }) {
			comparisons.add(comparison("inline", steps, (contender) -> new Trial(contender.name(),
					() -> measure(contender, (workflows) -> inline(workflows, steps)))));
			comparisons.add(comparison("queued", steps, (contender) -> new Trial(contender.name(),
					() -> measure(contender, (workflows) -> queued(workflows, steps)))));
		}
		return comparisons;
	}

	private Comparison comparison(String mode, int steps, Function<WorkflowContender, Trial> trial) {
		Map<String, Object> settings = new LinkedHashMap<>();
		settings.put("what", "workflow " + mode);
		settings.put("steps", steps);
		return new Comparison(this.scenario, settings, 1, false, this.contenders.stream().map(trial).toList());
	}

	private Map<String, Double> measure(WorkflowContender contender, Operation operation) throws Exception {
		this.database.clean();
		try (Workflows workflows = contender.open(this.database, CONCURRENCY, POOL_SIZE)) {
			return operation.measure(workflows);
		}
	}

	private Map<String, Double> inline(Workflows workflows, int steps) throws Exception {
		// The first one may create a queue, and fills caches.
		workflows.run(steps);
		return Meter.per("run", this.runs, this.meter.costsOf(() -> {
			for (int i = 0; i < this.runs; i++) {
				workflows.run(steps);
			}
		}));
	}

	/** A run from its start, and its execution alone. */
	private Map<String, Double> queued(Workflows workflows, int steps) throws Exception {
		workflows.startAll(1, steps);
		Costs started = this.meter.costsOf(() -> workflows.startAll(this.runs, steps));
		this.database.settle();
		long all = this.runs + 1;
		Costs executed = this.meter.costsUntil(workflows::consume, () -> workflows.ended() == all);
		Map<String, Double> figures = new LinkedHashMap<>();
		figures.putAll(Meter.per("run", this.runs, Meter.sum(started, executed)));
		figures.putAll(Meter.per("execution", all, executed));
		return figures;
	}

	/** What is done with a workflow. */
	@FunctionalInterface
	private interface Operation {

		Map<String, Double> measure(Workflows workflows) throws Exception;

	}

}
