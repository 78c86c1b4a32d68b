package io.pgqrs.benchmarks.scenario;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How runs are executed.
 *
 * @param steps of each run
 * @param concurrency how many runs at once
 * @param poolSize connections in the pool
 */
record RunSettings(int steps, int concurrency, int poolSize) {

	Map<String, Object> named(String mode) {
		Map<String, Object> settings = new LinkedHashMap<>();
		settings.put("mode", mode);
		settings.put("steps", this.steps);
		settings.put("concurrency", this.concurrency);
		settings.put("poolSize", this.poolSize);
		return settings;
	}

	Map<String, Double> figures(double runsPerSecond) {
		Map<String, Double> figures = new LinkedHashMap<>();
		figures.put("runs_per_second", runsPerSecond);
		if (this.steps > 0) {
			figures.put("steps_per_second", runsPerSecond * this.steps);
		}
		return figures;
	}

}
