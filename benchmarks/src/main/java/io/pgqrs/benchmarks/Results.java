package io.pgqrs.benchmarks;

import java.util.List;

/**
 * What was read from one results file or several.
 *
 * @param runs in the order in which they began
 */
public record Results(List<Run> runs) {

	/**
	 * One run of the program.
	 *
	 * @param description under what conditions it was made
	 * @param results in the order in which they were measured
	 */
	public record Run(RunDescription description, List<Result> results) {
	}

}
