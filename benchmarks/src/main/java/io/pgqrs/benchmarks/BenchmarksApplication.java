package io.pgqrs.benchmarks;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

import org.springframework.core.NestedExceptionUtils;

/** Measures pgqrs and its peers in one run, and reports on stored results. */
@Command(name = "benchmarks", mixinStandardHelpOptions = true, version = "pgqrs benchmarks 0.1",
		description = "Measures pgqrs and its peers in one run, and reports on stored results.",
		subcommands = { RunCommand.class, ReportCommand.class })
public final class BenchmarksApplication {

	private static final Log logger = LogFactory.getLog(BenchmarksApplication.class);

	private BenchmarksApplication() {
	}

	/**
	 * Runs a command and ends the JVM.
	 * @param args {@code run} or {@code report}, with their options
	 */
	public static void main(String[] args) {
		System.setProperty("java.awt.headless", "true");
		System.exit(commandLine().execute(args));
	}

	static CommandLine commandLine() {
		return new CommandLine(new BenchmarksApplication()).setExecutionExceptionHandler((ex, command, result) -> {
			command.getErr().println(NestedExceptionUtils.getMostSpecificCause(ex).getMessage());
			logger.debug("The error was", ex);
			return command.getCommandSpec().exitCodeOnExecutionException();
		});
	}

}
