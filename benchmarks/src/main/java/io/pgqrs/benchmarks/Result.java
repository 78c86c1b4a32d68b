package io.pgqrs.benchmarks;

import java.util.Map;

/**
 * One measurement: a line of a results file.
 *
 * @param run the run it belongs to: when that began
 * @param scenario what was measured
 * @param database where
 * @param settings how
 * @param contender who did it
 * @param round the how-manieth turn it was, from 1
 * @param figures what came of it; the names say the units
 */
public record Result(String run, String scenario, String database, Map<String, Object> settings, String contender,
		int round, Map<String, Double> figures) {
}
