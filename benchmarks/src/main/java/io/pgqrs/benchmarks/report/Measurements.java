package io.pgqrs.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.Result;

/**
 * Results of one run to choose from.
 *
 * @param results in the order in which they were measured
 */
record Measurements(List<Result> results) {

	Measurements scenario(String name) {
		return where((result) -> result.scenario().equals(name));
	}

	Measurements database(String name) {
		return where((result) -> result.database().equals(name));
	}

	Measurements contender(String name) {
		return where((result) -> result.contender().equals(name));
	}

	/** Those of all contenders whose names begin like this: the tunings of one. */
	Measurements contenders(String prefix) {
		return where((result) -> result.contender().startsWith(prefix));
	}

	Measurements with(String setting, Object value) {
		return where((result) -> Trial.of(result).has(setting, value));
	}

	Measurements having(String figure) {
		return where((result) -> result.figures().containsKey(figure));
	}

	Measurements of(Trial trial) {
		return where((result) -> Trial.of(result).equals(trial));
	}

	private Measurements where(Predicate<Result> condition) {
		return new Measurements(this.results.stream().filter(condition).toList());
	}

	boolean isEmpty() {
		return this.results.isEmpty();
	}

	/** What was tried, in the order of tables. */
	List<Trial> trials() {
		List<Trial> trials = this.results.stream().map(Trial::of).distinct().toList();
		return trials.stream().sorted(Trial.order(trials)).toList();
	}

	/** All rounds of a figure; sensible if there is one trial. */
	Optional<Spread> figure(String name) {
		List<Double> values = this.results.stream()
			.filter((result) -> result.figures().containsKey(name))
			.map((result) -> result.figures().get(name))
			.toList();
		return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
	}

	/** The medians of the trials. */
	List<Double> medians(String figure) {
		return trials().stream().flatMap((trial) -> of(trial).figure(figure).stream()).map(Spread::median).toList();
	}

	/** The greatest of the medians of the trials. */
	OptionalDouble best(String figure) {
		return medians(figure).stream().mapToDouble(Double::doubleValue).max();
	}

	/** The different values of a setting, as they were stored. */
	List<Object> values(String setting) {
		return trials().stream()
			.filter((trial) -> trial.settings().containsKey(setting))
			.map((trial) -> trial.settings().get(setting))
			.distinct()
			.toList();
	}

	/** The figures, in the order of columns. */
	List<String> figures() {
		TreeSet<String> names = new TreeSet<>(Words.in(Names.FIGURES));
		this.results.forEach((result) -> names.addAll(result.figures().keySet()));
		return List.copyOf(names);
	}

	/** Apart by what was measured: each has the same figures everywhere. */
	List<Measurements> byFigures() {
		Map<String, List<Result>> groups = this.results.stream()
			.collect(Collectors.groupingBy((result) -> String.join(" ", new Measurements(List.of(result)).figures()),
					() -> new TreeMap<>(Words.in(Names.FIGURES)), Collectors.toList()));
		return groups.values().stream().map(Measurements::new).toList();
	}

}
