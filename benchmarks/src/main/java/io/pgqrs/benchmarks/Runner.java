package io.pgqrs.benchmarks;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.database.Database;
import me.tongfei.progressbar.ProgressBar;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Lets contenders work in turns: A B A B, so that what the machine does meanwhile meets
 * all of them. Each finds an empty database, and each does a scenario once before it is
 * measured there.
 */
final class Runner {

	private static final Log logger = LogFactory.getLog(Runner.class);

	private final String run;

	private final ResultsFile results;

	private final ProgressBar progress;

	/**
	 * Who has done what before, so that no first round meets code that is not compiled
	 * yet.
	 */
	private final Set<String> warm = new HashSet<>();

	private int failures;

	/**
	 * Makes a runner.
	 * @param run the name of the run
	 * @param results where results go, each at once
	 * @param progress steps with each trial
	 */
	Runner(String run, ResultsFile results, ProgressBar progress) {
		this.run = run;
		this.results = results;
		this.progress = progress;
	}

	static int trials(List<Comparison> comparisons) {
		return comparisons.stream().mapToInt((comparison) -> comparison.rounds() * comparison.trials().size()).sum();
	}

	/** How many trials failed; they have no result. */
	int failures() {
		return this.failures;
	}

	void run(Comparison comparison, Database database) {
		for (int round = 1; round <= comparison.rounds(); round++) {
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
			if (this.warm.add(database.name() + " " + comparison.scenario() + " " + trial.contender())) {
				database.clean();
				trial.work().measure();
			}
			database.clean();
			Map<String, Double> figures = trial.work().measure();
			this.results.write(new Result(this.run, comparison.scenario(), database.name(), comparison.settings(),
					trial.contender(), round, figures));
		}
		catch (Exception ex) {
			this.failures++;
			logger.error(trial.contender() + " failed in " + comparison.scenario() + " " + comparison.settings()
					+ " on " + database.name() + "; it has no result there", ex);
		}
	}

}
