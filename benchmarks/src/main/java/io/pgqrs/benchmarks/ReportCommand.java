package io.pgqrs.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.Callable;

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

	@Override
	public Integer call() {
		return 0;
	}

}
