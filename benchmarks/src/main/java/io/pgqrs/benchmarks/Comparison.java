package io.pgqrs.benchmarks;

import java.util.List;
import java.util.Map;

/**
 * The same work, done by several contenders in turns.
 *
 * @param scenario what is measured
 * @param settings how, by name; they tell the comparisons of a scenario apart
 * @param rounds how often each contender has its turn
 * @param warmUp whether each contender has a turn before that is not measured, so that no
 * first round meets code that is not compiled yet
 * @param trials what each contender does in its turn
 */
public record Comparison(String scenario, Map<String, Object> settings, int rounds, boolean warmUp,
		List<Trial> trials) {

	/**
	 * One contender's turn.
	 *
	 * @param contender who does the work
	 * @param work what is done
	 */
	public record Trial(String contender, Work work) {

		/** Work that can be measured again and again. */
		@FunctionalInterface
		public interface Work {

			/**
			 * Does the work once, on fresh tables.
			 * @return figures by name; the name says the unit
			 */
			Map<String, Double> measure() throws Exception;

		}

	}

}
