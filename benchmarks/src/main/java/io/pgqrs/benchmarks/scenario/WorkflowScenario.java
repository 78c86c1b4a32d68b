package io.pgqrs.benchmarks.scenario;

import java.util.ArrayList;
import java.util.List;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.contender.WorkflowContender;
import io.pgqrs.benchmarks.database.Database;

/**
 * Runs and steps per second of workflows whose steps do nothing: executed by their
 * callers, and from a queue.
 */
public final class WorkflowScenario implements Scenario {

	private static final int ROUNDS = 2;

	/** The one that all numbers of steps are tried with. */
	private static final RunSettings USUAL = new RunSettings(3, 16, 20);

	private static final List<RunSettings> QUICK = List.of(USUAL);

	private static final List<RunSettings> FULL = List.of(USUAL, new RunSettings(3, 8, 10), new RunSettings(3, 32, 40),
			new RunSettings(0, 16, 20), new RunSettings(10, 16, 20));

	/** All writers of a file take turns, however many there are. */
	private static final List<RunSettings> FULL_SQLITE = List.of(USUAL, new RunSettings(0, 16, 20),
			new RunSettings(10, 16, 20));

	private final List<WorkflowContender> contenders;

	/**
	 * Makes it.
	 * @param contenders who has workflows
	 */
	public WorkflowScenario(List<WorkflowContender> contenders) {
		this.contenders = contenders;
	}

	@Override
	public String name() {
		return "workflows";
	}

	@Override
	public List<Comparison> comparisons(Database database, boolean full) {
		List<RunSettings> all = full ? (database.isPostgres() ? FULL : FULL_SQLITE) : QUICK;
		int rounds = full ? ROUNDS : 1;
		List<Comparison> comparisons = new ArrayList<>();
		for (RunSettings settings : all) {
			List<Trial> inline = new ArrayList<>();
			List<Trial> queued = new ArrayList<>();
			for (WorkflowContender contender : this.contenders) {
				if (contender.worksOn(database)) {
					inline.add(new Trial(contender.name(),
							new InlineRuns(contender, database, settings, !comparisons.isEmpty())));
					queued.add(new Trial(contender.name(), new QueuedRuns(contender, database, settings)));
				}
			}
			if (!inline.isEmpty()) {
				comparisons.add(new Comparison(name(), settings.named("inline"), rounds, false, inline));
				comparisons.add(new Comparison(name(), settings.named("queued"), rounds, false, queued));
			}
		}
		return comparisons;
	}

}
