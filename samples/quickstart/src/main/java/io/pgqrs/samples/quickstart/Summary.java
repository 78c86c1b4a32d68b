package io.pgqrs.samples.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.pgqrs.samples.quickstart.Scan.Total;

/**
 * The end of a scan.
 *
 * @param totals by kind of file
 * @param files how many there were
 * @param failures those that could not be counted
 */
record Summary(List<Total> totals, int files, List<String> failures) {

	private static final String RULE = "-".repeat(54);

	private static final int MAX_FAILURES = 10;

	int failed() {
		return this.files - total().files();
	}

	void print(PrintStream out, Duration time) {
		out.printf("%n%-16s %9s %13s %13s%n", "extension", "files", "lines", "words");
		out.println(RULE);
		this.totals.forEach((row) -> print(out, row));
		out.println(RULE);
		print(out, total());
		out.printf(Locale.ROOT, "%n%.1f s%n", time.toMillis() / 1000.0);
		if (failed() > 0) {
			out.printf(Locale.ROOT, "%,d of %,d files could not be counted:%n", failed(), this.files);
			this.failures.stream().limit(MAX_FAILURES).forEach((failure) -> out.println("  " + failure));
			if (failed() > MAX_FAILURES) {
				out.println("  and others");
			}
		}
	}

	private static void print(PrintStream out, Total row) {
		out.printf(Locale.ROOT, "%-16s %,9d %,13d %,13d%n", row.extension(), row.files(), row.lines(), row.words());
	}

	private Total total() {
		return new Total("total", this.totals.stream().mapToInt(Total::files).sum(),
				this.totals.stream().mapToLong(Total::lines).sum(), this.totals.stream().mapToLong(Total::words).sum());
	}

}
