package io.pgqrs.benchmarks;

import java.util.Map;

/**
 * Under what conditions a run was made: the first line of a results file.
 *
 * @param run when it began; what its results refer to
 * @param full whether it was a full run
 * @param machine processors, memory, operating system
 * @param versions of what is compared and what it runs on
 * @param databases description by name
 */
public record RunDescription(String run, boolean full, Map<String, String> machine, Map<String, String> versions,
		Map<String, Map<String, String>> databases) {
}
