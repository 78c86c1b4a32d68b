package io.pgqrs.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Measures pgqrs and its peers in one run, and reports on stored results. */
@Command(name = "benchmarks", mixinStandardHelpOptions = true, version = "pgqrs benchmarks 0.1",
		description = "Measures pgqrs and its peers in one run, and reports on stored results.",
		subcommands = { RunCommand.class, ReportCommand.class })
public final class BenchmarksApplication {

	private BenchmarksApplication() {
	}

	/**
	 * Runs a command and ends the JVM.
	 * @param args {@code run} or {@code report}, with their options
	 */
	public static void main(String[] args) {
		System.setProperty("java.awt.headless", "true");
		System
			.exit(new CommandLine(new BenchmarksApplication()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
	}

}
