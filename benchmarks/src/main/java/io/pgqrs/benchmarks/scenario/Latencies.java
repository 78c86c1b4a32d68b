package io.pgqrs.benchmarks.scenario;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Durations that were measured one by one. */
final class Latencies {

	private Latencies() {
	}

	/**
	 * Percentiles by the nearest rank.
	 * @param nanos the durations, at least one
	 * @return p50, p95, p99 and the maximum in milliseconds, and how many there are
	 */
	static Map<String, Double> figures(long[] nanos) {
		long[] sorted = nanos.clone();
		Arrays.sort(sorted);
		Map<String, Double> figures = new LinkedHashMap<>();
		figures.put("p50_ms", percentile(sorted, 50));
		figures.put("p95_ms", percentile(sorted, 95));
		figures.put("p99_ms", percentile(sorted, 99));
		figures.put("max_ms", percentile(sorted, 100));
		figures.put("samples", (double) sorted.length);
		return figures;
	}

	private static double percentile(long[] sorted, int percent) {
		int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
		return sorted[rank - 1] / 1e6;
	}

}
