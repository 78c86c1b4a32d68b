package io.pgqrs.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import io.pgqrs.benchmarks.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reports. */
@Command(name = "report", mixinStandardHelpOptions = true,
		description = "Writes a page with tables and charts about stored results.")
final class ReportCommand implements Callable<Integer> {

	@Option(names = "--results", paramLabel = "PATH",
			description = "A file with results, or a directory of them. Default: ${DEFAULT-VALUE}.")
	private Path results = Path.of("benchmarks", "results");

	@Option(names = "--docs", paramLabel = "DIRECTORY",
			description = "Where benchmarks.md and its charts go. Default: ${DEFAULT-VALUE}.")
	private Path docs = Path.of("docs");

	@Option(names = "--notes", paramLabel = "FILE",
			description = "Why goals are missed, by their ids. Default: ${DEFAULT-VALUE}.")
	private Path notes = Path.of("benchmarks", "results", "notes.properties");

	@Override
	public Integer call() throws IOException {
		Path page = this.docs.resolve("benchmarks.md");
		Report.write(ResultsFile.read(this.results), this.notes, page).forEach(System.err::println);
		System.out.println("Written: " + page);
		return 0;
	}

}
