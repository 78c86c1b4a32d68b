package io.pgqrs.benchmarks.report;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.Result;
import io.pgqrs.benchmarks.Results;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;

/**
 * Writes a page, and charts into the directory of the same name next to it. The same
 * results give the same bytes; the fonts of charts are the machine's.
 */
public final class Report {

	private final Results.Run run;

	private final Measurements measurements;

	private final Map<String, String> notes;

	private final List<String> warnings = new ArrayList<>();

	private final @Nullable ChartPainter painter;

	private Report(Results.Run run, Map<String, String> notes) {
		this.run = run;
		this.measurements = new Measurements(run.results());
		this.notes = notes;
		this.painter = painter();
	}

	/**
	 * Writes the page of the newest full run, or of the newest of all if none was full.
	 * @param notes why goals were missed: properties, the keys are ids of goals; the file
	 * may be missing
	 * @param page the Markdown file to write
	 * @return what the user should know, for instance that there are no charts
	 * @throws IllegalArgumentException if there is no run, or if a note names no goal
	 */
	public static List<String> write(Results results, Path notes, Path page) throws IOException {
		Report report = new Report(newest(results), read(notes));
		report.write(page);
		return List.copyOf(report.warnings);
	}

	private static Results.Run newest(Results results) {
		return results.runs()
			.stream()
			.filter((run) -> !run.results().isEmpty())
			.max(Comparator.comparing((Results.Run run) -> run.description().full())
				.thenComparing((run) -> run.description().run()))
			.orElseThrow(() -> new IllegalArgumentException("There is no run with results"));
	}

	private static Map<String, String> read(Path file) throws IOException {
		Map<String, String> notes = new TreeMap<>();
		if (Files.exists(file)) {
			Properties properties = new Properties();
			try (Reader reader = Files.newBufferedReader(file)) {
				properties.load(reader);
			}
			properties.stringPropertyNames().forEach((id) -> notes.put(id, properties.getProperty(id)));
		}
		List<String> goals = Goals.all().stream().map(Goal::id).toList();
		for (String id : notes.keySet()) {
			if (!goals.contains(id)) {
				throw new IllegalArgumentException(
						"'" + file + "' explains the goal '" + id + "', but the goals are " + goals);
			}
		}
		return notes;
	}

	private void write(Path page) throws IOException {
		Path charts = page.resolveSibling(page.getFileName().toString().replaceFirst("\\.md$", ""));
		Files.createDirectories(charts);
		try (Stream<Path> old = Files.list(charts)) {
			for (Path chart : old.filter((file) -> file.toString().endsWith(".svg")).toList()) {
				Files.delete(chart);
			}
		}
		List<String> parts = new ArrayList<>();
		parts.add(resource("introduction"));
		parts.addAll(conditions());
		parts.addAll(goals());
		for (String scenario : scenarios()) {
			parts.addAll(scenario(scenario, charts));
		}
		Files.writeString(page, parts.stream().map(String::strip).collect(Collectors.joining("\n\n", "", "\n")));
	}

	private List<String> conditions() {
		List<String> parts = new ArrayList<>();
		parts.add("## Conditions");
		parts.add("The " + (this.run.description().full() ? "full" : "quick") + " run of "
				+ this.run.description().run() + ".");
		parts.add(Tables.of("machine", this.run.description().machine()));
		parts.add(Tables.of("version", this.run.description().versions()));
		this.run.description().databases().forEach((name, settings) -> parts.add(Tables.of(name, settings)));
		return parts;
	}

	private List<String> goals() {
		for (Goal goal : Goals.all()) {
			goal.outcome(this.measurements)
				.filter((outcome) -> !outcome.met() && !this.notes.containsKey(goal.id()))
				.ifPresent((outcome) -> this.warnings
					.add("The goal '" + goal.id() + "' was missed, and the notes do not say why"));
		}
		return List.of(resource("goals"), Tables.goals(Names.POSTGRESQL, this.measurements, this.notes),
				Tables.goals(Names.SQLITE, this.measurements, this.notes));
	}

	private List<String> scenarios() {
		TreeSet<String> names = new TreeSet<>(Words.in(Names.SCENARIOS));
		this.measurements.results().stream().map(Result::scenario).forEach(names::add);
		return List.copyOf(names);
	}

	private List<String> scenario(String scenario, Path charts) throws IOException {
		List<String> parts = new ArrayList<>();
		parts.add(Names.SCENARIOS.contains(scenario) ? resource(scenario) : "## " + scenario);
		Measurements ofScenario = this.measurements.scenario(scenario);
		for (String database : ofScenario.results().stream().map(Result::database).distinct().sorted().toList()) {
			Measurements there = ofScenario.database(database);
			parts.add("### " + database + ": " + scenario);
			there.byFigures().forEach((ofSameFigures) -> parts.add(Tables.measurements(ofSameFigures)));
			for (Chart chart : new Charts(scenario, database, there).all()) {
				if (this.painter != null) {
					parts.add(draw(chart, this.painter, charts));
				}
			}
		}
		return parts;
	}

	private static String draw(Chart chart, ChartPainter painter, Path charts) throws IOException {
		String file = chart.name() + ".svg";
		Files.writeString(charts.resolve(file), painter.svg(chart));
		return "![" + chart.title() + "](" + charts.getFileName() + "/" + file + ")";
	}

	private @Nullable ChartPainter painter() {
		try {
			return ChartPainter.create();
		}
		catch (ChartPainter.Unavailable ex) {
			this.warnings.add("Charts were not drawn, since this machine has no fonts, or its Java no AWT ("
					+ ex.getMessage() + "). Install fontconfig and a font, for instance DejaVu");
			return null;
		}
	}

	private static String resource(String name) {
		try {
			return new ClassPathResource(name + ".md", Report.class).getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
