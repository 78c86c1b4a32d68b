package io.pgqrs.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.pgqrs.benchmarks.Names;
import org.jspecify.annotations.Nullable;

/** Tables of the page, in Markdown. */
final class Tables {

	private static final List<String> THROUGHPUT = List.of(Names.MESSAGES_PER_SECOND, Names.RUNS_PER_SECOND);

	private Tables() {
	}

	/** A table of two columns. */
	static String of(String title, Map<String, String> entries) {
		return table(List.of(title, ""),
				entries.entrySet().stream().map((entry) -> List.of(entry.getKey(), entry.getValue())).toList());
	}

	/**
	 * The goals of a database.
	 * @param notes why goals were missed, by their ids
	 */
	static String goals(String database, Measurements measurements, Map<String, String> notes) {
		List<List<String>> rows = new ArrayList<>();
		for (Goal goal : Goals.all()) {
			if (goal.database().equals(database)) {
				Optional<Goal.Outcome> outcome = goal.outcome(measurements);
				rows.add(List.of(goal.text(), goal.aim(), outcome.map(Goal.Outcome::measured).orElse("not measured"),
						outcome.map((measured) -> verdict(measured, notes.get(goal.id()))).orElse("")));
			}
		}
		return table(List.of(database, "goal", "measured", ""), rows);
	}

	private static String verdict(Goal.Outcome outcome, @Nullable String reason) {
		if (outcome.met()) {
			return "met";
		}
		return "**missed**" + ((reason != null) ? ": " + reason : "");
	}

	/**
	 * What a scenario came to: first what is the same for all, then a row for each trial.
	 * @param measurements all with the same figures
	 */
	static String measurements(Measurements measurements) {
		List<Trial> trials = measurements.trials();
		List<String> settings = trials.stream()
			.flatMap((trial) -> trial.settings().keySet().stream())
			.distinct()
			.sorted(Words.in(Names.SETTINGS))
			.toList();
		List<String> columns = settings.stream()
			.filter((setting) -> setting.equals(Names.WHAT) || varies(trials, setting))
			.toList();
		String same = settings.stream()
			.filter((setting) -> !columns.contains(setting))
			.map((setting) -> Words.setting(setting) + " " + trials.get(0).setting(setting))
			.collect(Collectors.joining(", "));
		List<String> figures = measurements.figures();
		boolean compared = THROUGHPUT.contains(figures.get(0))
				&& trials.stream().map(Trial::contender).distinct().count() > 1;
		List<String> header = Stream
			.of(columns.stream().map(Words::setting), Stream.of(""), figures.stream().map(Words::figure),
					compared ? Stream.of("ratio to pgqrs") : Stream.<String>empty())
			.flatMap((cells) -> cells)
			.toList();
		List<List<String>> rows = new ArrayList<>();
		for (Trial trial : trials) {
			List<String> row = new ArrayList<>();
			columns.forEach((column) -> row.add(Optional.ofNullable(trial.setting(column)).orElse("")));
			row.add(trial.contender());
			figures.forEach((figure) -> row.add(measurements.of(trial).figure(figure).map(Words::spread).orElse("")));
			if (compared) {
				OptionalDouble ratio = againstUs(measurements, trial, figures.get(0));
				row.add(ratio.isPresent() ? Words.number(ratio.getAsDouble()) : "");
			}
			rows.add(row);
		}
		return (same.isEmpty() ? "" : "All: " + same + ".\n\n") + table(header, rows);
	}

	private static boolean varies(List<Trial> trials, String setting) {
		return trials.stream().map((trial) -> String.valueOf(trial.setting(setting))).distinct().count() > 1;
	}

	private static OptionalDouble againstUs(Measurements measurements, Trial trial, String figure) {
		if (trial.contender().equals(Names.PGQRS)) {
			return OptionalDouble.empty();
		}
		Optional<Spread> ours = measurements.of(new Trial(trial.settings(), Names.PGQRS)).figure(figure);
		Optional<Spread> theirs = measurements.of(trial).figure(figure);
		return (ours.isPresent() && theirs.isPresent()) ? OptionalDouble.of(theirs.get().median() / ours.get().median())
				: OptionalDouble.empty();
	}

	private static String table(List<String> header, List<List<String>> rows) {
		StringBuilder table = new StringBuilder();
		row(table, header);
		table.append("|---".repeat(header.size())).append("|\n");
		rows.forEach((row) -> row(table, row));
		return table.toString();
	}

	private static void row(StringBuilder table, List<String> cells) {
		cells.forEach((cell) -> table.append("| ")
			.append(cell.replace("|", "\\|").replace("\n", " "))
			.append(cell.isEmpty() ? "" : " "));
		table.append("|\n");
	}

}
