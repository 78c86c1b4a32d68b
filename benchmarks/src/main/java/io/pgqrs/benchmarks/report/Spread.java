package io.pgqrs.benchmarks.report;

import java.util.List;

/**
 * What several rounds came to.
 *
 * @param median the middle, or the mean of the two in the middle
 * @param min the least
 * @param max the most
 * @param rounds how many there were
 */
record Spread(double median, double min, double max, int rounds) {

	static Spread of(List<Double> values) {
		List<Double> sorted = values.stream().sorted().toList();
		int size = sorted.size();
		double median = (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
		return new Spread(median, sorted.get(0), sorted.get(size - 1), size);
	}

}
