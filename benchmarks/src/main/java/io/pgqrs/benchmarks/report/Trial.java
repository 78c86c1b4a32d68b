package io.pgqrs.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.Result;
import org.jspecify.annotations.Nullable;

/**
 * Who did what: the rounds of a trial are measurements of the same.
 *
 * @param settings how
 * @param contender who
 */
record Trial(Map<String, Object> settings, String contender) {

	private static final Comparator<String> BY_NUMBER_OR_NAME = Comparator
		.comparing((String value) -> isNumber(value) ? Double.parseDouble(value) : -1)
		.thenComparing(Words.in(Names.VALUES));

	static Trial of(Result result) {
		return new Trial(result.settings(), result.contender());
	}

	/** The setting's value, in words. */
	@Nullable String setting(String name) {
		Object value = this.settings.get(name);
		return (value != null) ? Words.value(value) : null;
	}

	/** Whether the setting has this value. */
	boolean has(String setting, Object value) {
		return String.valueOf(value).equals(String.valueOf(this.settings.get(setting)));
	}

	/**
	 * Compares by settings, numbers by their size, and then by contender.
	 * @param trials all that are to be compared
	 */
	static Comparator<Trial> order(List<Trial> trials) {
		TreeSet<String> names = new TreeSet<>(Words.in(Names.SETTINGS));
		trials.forEach((trial) -> names.addAll(trial.settings().keySet()));
		Comparator<Trial> order = (left, right) -> 0;
		for (String name : names) {
			order = order.thenComparing((trial) -> Objects.toString(trial.settings().get(name), ""), BY_NUMBER_OR_NAME);
		}
		return order.thenComparing(Trial::contender, Words.in(Names.CONTENDERS));
	}

	private static boolean isNumber(String value) {
		return value.matches("\\d+(\\.\\d+)?");
	}

}
