package io.pgqrs.benchmarks.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.contender.IdleContender;
import io.pgqrs.benchmarks.contender.QueueContender;
import io.pgqrs.benchmarks.contender.WorkflowContender;
import io.pgqrs.benchmarks.database.Database;

/**
 * Statements, transactions and bytes of write-ahead log per message, per run, and per
 * second of waiting: what does not depend on the machine. They are counted, so once is
 * enough.
 */
public final class CostScenario implements Scenario {

	private final List<QueueContender> queues;

	private final List<WorkflowContender> workflows;

	private final List<IdleContender> waiting;

	/**
	 * Makes it.
	 * @param queues who has a queue
	 * @param workflows who has workflows
	 * @param waiting who waits for work
	 */
	public CostScenario(List<QueueContender> queues, List<WorkflowContender> workflows, List<IdleContender> waiting) {
		this.queues = queues;
		this.workflows = workflows;
		this.waiting = waiting;
	}

	@Override
	public String name() {
		return "costs";
	}

	@Override
	public List<Comparison> comparisons(Database database, boolean full) {
		if (!database.countsCosts()) {
			return List.of();
		}
		List<Comparison> comparisons = new ArrayList<>();
		comparisons.addAll(new QueueCosts(name(), this.queues, database, full ? 1_000 : 300).comparisons(full));
		comparisons.addAll(new RunCosts(name(), this.workflows, database, full ? 500 : 200).comparisons(full));
		comparisons
			.addAll(new IdleCosts(name(), this.waiting, database, Duration.ofSeconds(full ? 10 : 5)).comparisons());
		return comparisons;
	}

}
