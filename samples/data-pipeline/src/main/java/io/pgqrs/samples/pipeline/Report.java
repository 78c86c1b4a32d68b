package io.pgqrs.samples.pipeline;

import java.util.List;
import java.util.Locale;

/**
 * The result of a run.
 *
 * @param source of the text
 * @param lines in the text
 * @param words in the text
 * @param topWords those that occur most often
 * @param file which holds the table
 */
record Report(String source, long lines, long words, List<WordCount> topWords, String file) {

	private static final String RULE = "-".repeat(30) + "%n";

	/** The report as a table. */
	String table() {
		StringBuilder table = new StringBuilder();
		table.append(String.format("%s%n%n", this.source));
		table.append(row("lines", this.lines)).append(row("words", this.words));
		table.append(String.format(RULE));
		this.topWords.forEach((word) -> table.append(row(word.word(), word.count())));
		return table.toString();
	}

	private static String row(String name, long count) {
		return String.format(Locale.ROOT, "%-18s %,11d%n", name, count);
	}

	record WordCount(String word, long count) {
	}

}
