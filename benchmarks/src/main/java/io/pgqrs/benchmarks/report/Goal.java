package io.pgqrs.benchmarks.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A figure that we want to reach.
 *
 * @param id what the notes call it
 * @param database where
 * @param text what is compared
 * @param criteria the goal is met if one of them is
 */
record Goal(String id, String database, String text, List<Criterion> criteria) {

	/** What was aimed at. */
	String aim() {
		return this.criteria.stream().map(Criterion::aim).collect(Collectors.joining(" or "));
	}

	/**
	 * What came of it.
	 * @param measurements of one run, all databases
	 * @return nothing if it was not measured
	 */
	Optional<Outcome> outcome(Measurements measurements) {
		Measurements here = measurements.database(this.database);
		List<Criterion> measured = this.criteria.stream()
			.filter((criterion) -> criterion.value().apply(here).isPresent())
			.toList();
		if (measured.isEmpty()) {
			return Optional.empty();
		}
		String text = measured.stream()
			.map((criterion) -> criterion.words(criterion.value().apply(here).orElseThrow()))
			.collect(Collectors.joining(", "));
		boolean met = measured.stream()
			.anyMatch((criterion) -> criterion.isMet(criterion.value().apply(here).orElseThrow()));
		return Optional.of(new Outcome(text, met));
	}

	/**
	 * What a goal came to.
	 *
	 * @param measured in words
	 * @param met whether it was reached
	 */
	record Outcome(String measured, boolean met) {
	}

	/**
	 * A bound for a value.
	 *
	 * @param atLeast whether more is better
	 * @param bound the least or the most that will do
	 * @param format the value in words; {@code #} stands for the number
	 * @param value how it is computed
	 */
	record Criterion(boolean atLeast, double bound, String format, Function<Measurements, OptionalDouble> value) {

		static Criterion atLeast(double bound, String format, Function<Measurements, OptionalDouble> value) {
			return new Criterion(true, bound, format, value);
		}

		static Criterion atMost(double bound, String format, Function<Measurements, OptionalDouble> value) {
			return new Criterion(false, bound, format, value);
		}

		String aim() {
			String number = Words.number(this.bound).replaceFirst("\\.?0+$", "");
			return (this.atLeast ? "≥ " : "≤ ")
					+ this.format.replace("#", (this.bound < 100) ? number : Words.number(this.bound));
		}

		String words(double value) {
			return this.format.replace("#", Words.number(value));
		}

		boolean isMet(double value) {
			return this.atLeast ? value >= this.bound : value <= this.bound;
		}

	}

}
