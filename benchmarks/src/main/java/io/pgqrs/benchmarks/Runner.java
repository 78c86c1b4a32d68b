package io.pgqrs.benchmarks;

import java.util.List;
import java.util.Map;

import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.database.Database;
import me.tongfei.progressbar.ProgressBar;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Lets contenders work in turns: A B A B, so that what the machine does meanwhile meets
 * all of them. Each finds an empty database.
 */
final class Runner {

	private static final Log logger = LogFactory.getLog(Runner.class);

	private final String run;

	private final ResultsFile results;

	private final ProgressBar progress;

	private int failures;

	/**
	 * Makes a runner.
	 * @param run the name of the run
	 * @param results where results go, each at once
	 * @param progress steps with each turn
	 */
	Runner(String run, ResultsFile results, ProgressBar progress) {
		this.run = run;
		this.results = results;
		this.progress = progress;
	}

	/** How many turns there are. */
	static int turns(List<Comparison> comparisons) {
		return comparisons.stream()
			.mapToInt(
					(comparison) -> (comparison.rounds() + (comparison.warmUp() ? 1 : 0)) * comparison.trials().size())
			.sum();
	}

	/** How many turns failed; they have no result. */
	int failures() {
		return this.failures;
	}

	void run(Comparison comparison, Database database) {
		for (int round = comparison.warmUp() ? 0 : 1; round <= comparison.rounds(); round++) {
			for (Trial trial : comparison.trials()) {
				this.progress
					.setExtraMessage(" " + database.name() + " " + comparison.scenario() + " " + trial.contender());
				measure(comparison, trial, round, database);
				this.progress.step();
			}
		}
	}

	private void measure(Comparison comparison, Trial trial, int round, Database database) {
		try {
			database.clean();
			Map<String, Double> figures = trial.work().measure();
			if (round > 0) {
				this.results.write(new Result(this.run, comparison.scenario(), database.name(), comparison.settings(),
						trial.contender(), round, figures));
			}
		}
		catch (Exception ex) {
			this.failures++;
			logger.error(trial.contender() + " failed in " + comparison.scenario() + " " + comparison.settings()
					+ " on " + database.name() + "; it has no result there", ex);
		}
	}

}
