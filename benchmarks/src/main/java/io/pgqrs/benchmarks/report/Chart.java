package io.pgqrs.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

import io.pgqrs.benchmarks.Names;
import org.jspecify.annotations.Nullable;

/**
 * What a chart shows.
 *
 * @param name of its file, without an ending
 * @param title what was measured where
 * @param axes what they show
 * @param form how it is drawn
 * @param categories along the x axis
 * @param series values for the categories by name, null where there is none
 */
record Chart(String name, String title, Axes axes, Form form, List<String> categories,
		Map<String, List<@Nullable Double>> series) {

	/**
	 * What the axes of a chart show.
	 *
	 * @param x the categories
	 * @param y the values, with their unit
	 */
	record Axes(String x, String y) {
	}

	/** How a chart is drawn. */
	enum Form {

		/** Bars in groups. */
		BARS,

		/** Lines over a logarithmic axis, for what differs by orders of magnitude. */
		LINES

	}

	/**
	 * A chart of medians. Where several trials meet, the best is shown.
	 * @param figures what to show of each trial
	 * @param category where along the x axis; null leaves the figure out
	 * @param series which bar or line; null leaves the figure out
	 */
	static Chart of(String name, String title, Axes axes, Form form, Measurements measurements, List<String> figures,
			BiFunction<Trial, String, @Nullable String> category, BiFunction<Trial, String, @Nullable String> series) {
		Map<String, Map<String, Double>> lines = new LinkedHashMap<>();
		List<String> categories = new ArrayList<>();
		for (Trial trial : measurements.trials()) {
			for (String figure : figures) {
				String at = category.apply(trial, figure);
				String line = series.apply(trial, figure);
				if (at == null || line == null) {
					continue;
				}
				measurements.of(trial).figure(figure).map(Spread::median).ifPresent((median) -> {
					if (!categories.contains(at)) {
						categories.add(at);
					}
					// A logarithmic axis has no place for 0.
					if (form == Form.BARS || median > 0) {
						lines.computeIfAbsent(line, (key) -> new LinkedHashMap<>()).merge(at, median, Math::max);
					}
				});
			}
		}
		Map<String, List<@Nullable Double>> values = new LinkedHashMap<>();
		lines.keySet()
			.stream()
			.sorted(Words.byRank(Names.CONTENDERS))
			.forEach((line) -> values.put(line, valuesOf(Objects.requireNonNull(lines.get(line)), categories)));
		return new Chart(name, title, axes, form, categories, values);
	}

	private static List<@Nullable Double> valuesOf(Map<String, Double> line, List<String> categories) {
		List<@Nullable Double> values = new ArrayList<>();
		categories.forEach((category) -> values.add(line.get(category)));
		return values;
	}

	boolean isEmpty() {
		return this.series.isEmpty();
	}

}
