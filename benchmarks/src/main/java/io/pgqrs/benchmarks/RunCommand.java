package io.pgqrs.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.pgqrs.benchmarks.database.Database;
import io.pgqrs.benchmarks.database.PostgresDatabase;
import io.pgqrs.benchmarks.database.SqliteDatabase;
import io.pgqrs.benchmarks.scenario.Scenario;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;

/** Measures. */
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false,
		description = "Measures all contenders in turns and stores the results. Without options: a quick run of at "
				+ "most 5 minutes, on an embedded PostgreSQL 18 whose commits are durable, and on a SQLite file.")
final class RunCommand implements Callable<Integer> {

	private static final DateTimeFormatter RUN = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
		.withZone(ZoneOffset.UTC);

	@Spec
	@SuppressWarnings("NullAway.Init") // picocli sets it
	private CommandSpec spec;

	@Option(names = "--full", description = "All settings, two or three rounds: at most 40 minutes.")
	private boolean full;

	@Option(names = "--jdbc-url", paramLabel = "URL",
			description = "A PostgreSQL that is there, with user and password in the URL. The database should be "
					+ "empty: all its schemas are dropped, again and again.")
	private @Nullable String jdbcUrl;

	@Option(names = "--drop-everything", description = "The database at --jdbc-url may be one with tables.")
	private boolean dropEverything;

	@Option(names = "--database", paramLabel = "NAME", split = ",", description = "postgresql, sqlite. Default: both.")
	private List<String> databases = List.of("postgresql", "sqlite");

	@Option(names = "--scenario", paramLabel = "NAME", split = ",",
			description = "Only these: ${COMPLETION-CANDIDATES}. Default: all.",
			completionCandidates = Scenarios.Candidates.class)
	private List<String> scenarios = Scenarios.names();

	@Option(names = "--contender", paramLabel = "NAME", split = ",",
			description = "Only those whose name begins so, e.g. pgqrs,bare. Default: all.")
	private List<String> contenders = List.of("");

	@Option(names = "--results", paramLabel = "FILE",
			description = "Where results go, as lines of JSON. Default: benchmarks-<time>.jsonl.")
	private @Nullable Path results;

	@Option(names = "--sqlite-directory", paramLabel = "DIRECTORY",
			description = "Where SQLite files are made, on a local disk. Default: that for temporary files.")
	private Path sqliteDirectory = Path.of(System.getProperty("java.io.tmpdir"));

	@Override
	public Integer call() throws Exception {
		check("--scenario", this.scenarios, Scenarios.names());
		check("--database", this.databases, List.of("postgresql", "sqlite"));
		String run = RUN.format(Instant.now());
		Path file = (this.results != null) ? this.results : Path.of("benchmarks-" + run + ".jsonl");
		List<Database> opened = new ArrayList<>();
		try {
			for (String name : this.databases) {
				opened.add(open(name));
			}
			int failures = measure(run, opened, file);
			System.out.println("Results: " + file);
			if (failures > 0) {
				System.err.println(failures + " turns failed, see the log above");
			}
			return (failures > 0) ? 1 : 0;
		}
		finally {
			opened.forEach(Database::close);
		}
	}

	private void check(String option, List<String> values, List<String> known) {
		for (String value : values) {
			if (!known.contains(value)) {
				throw new ParameterException(this.spec.commandLine(),
						"Unknown " + option + " '" + value + "'. There are " + String.join(", ", known));
			}
		}
	}

	private Database open(String name) {
		if (name.equals("sqlite")) {
			return new SqliteDatabase(this.sqliteDirectory);
		}
		if (this.jdbcUrl == null) {
			return PostgresDatabase.embedded();
		}
		try {
			return PostgresDatabase.at(this.jdbcUrl, this.dropEverything);
		}
		catch (DataAccessException ex) {
			// The cause may name the URL, and with it the password.
			throw new ParameterException(this.spec.commandLine(), "The database at --jdbc-url does not answer: "
					+ NestedExceptionUtils.getMostSpecificCause(ex).getClass().getSimpleName());
		}
	}

	private int measure(String run, List<Database> databases, Path file) throws IOException {
		Map<String, Map<String, String>> descriptions = new TreeMap<>();
		Map<Database, List<Comparison>> comparisons = new LinkedHashMap<>();
		for (Database database : databases) {
			descriptions.put(database.name(), database.description());
			comparisons.put(database, comparisons(database));
		}
		int turns = comparisons.values().stream().mapToInt(Runner::turns).sum();
		if (turns == 0) {
			throw new ParameterException(this.spec.commandLine(),
					"Nothing to measure: no such contender, or none that can do it, in " + this.scenarios + " on "
							+ this.databases);
		}
		try (ResultsFile out = ResultsFile.open(file);
				ProgressBar progress = new ProgressBarBuilder().setTaskName("benchmarks")
					.setInitialMax(turns)
					.build()) {
			out.write(new RunDescription(run, isFull(), Machine.describe(), Versions.describe(), descriptions));
			Runner runner = new Runner(run, out, progress);
			comparisons.forEach((database, all) -> all.forEach((comparison) -> runner.run(comparison, database)));
			return runner.failures();
		}
	}

	/** Not if something was left out. */
	private boolean isFull() {
		return this.full && this.scenarios.containsAll(Scenarios.names()) && this.databases.size() == 2
				&& this.contenders.equals(List.of(""));
	}

	private List<Comparison> comparisons(Database database) {
		return Scenarios.all()
			.stream()
			.filter((scenario) -> this.scenarios.contains(scenario.name()))
			.flatMap((scenario) -> scenario.comparisons(database, this.full).stream())
			.map(this::selected)
			.filter((comparison) -> !comparison.trials().isEmpty())
			.collect(Collectors.toList());
	}

	private Comparison selected(Comparison comparison) {
		return new Comparison(comparison.scenario(), comparison.settings(), comparison.rounds(), comparison.warmUp(),
				comparison.trials()
					.stream()
					.filter((trial) -> this.contenders.stream().anyMatch(trial.contender()::startsWith))
					.toList());
	}

}
