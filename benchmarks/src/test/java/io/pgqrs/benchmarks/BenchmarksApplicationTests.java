package io.pgqrs.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import io.pgqrs.benchmarks.database.PostgresDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** The command line. */
class BenchmarksApplicationTests {

	private static final Path STORED = Path.of("results");

	@TempDir
	private Path directory;

	private final StringWriter errors = new StringWriter();

	@Test
	void whatIsMeasuredOnSqliteIsStored() throws IOException {
		Path results = this.directory.resolve("results.jsonl");
		assertThat(execute("run", "--database", "sqlite", "--scenario", "enqueue", "--contender", "INSERT", "--results",
				results.toString(), "--sqlite-directory", this.directory.toString()))
			.isZero();
		Results.Run run = ResultsFile.read(results).runs().get(0);
		assertThat(run.description().databases()).containsOnlyKeys(Names.SQLITE);
		assertThat(run.description().machine()).containsKeys("processors", "memory");
		assertThat(run.description().versions()).containsEntry("jobrunr", "8.7.0");
		assertThat(run.results()).hasSize(2).allSatisfy((result) -> {
			assertThat(result.contender()).isEqualTo(Names.BARE_INSERT);
			assertThat(result.figures().get(Names.MESSAGES_PER_SECOND)).isPositive();
		});
	}

	@Test
	void anUnknownScenarioIsNamedWithThoseThatThereAre() {
		assertThat(execute("run", "--scenario", "drian")).isEqualTo(CommandLine.ExitCode.USAGE);
		assertThat(this.errors.toString()).contains("'drian'", "drain-peers", "workflows");
	}

	@Test
	void nothingToMeasureIsAnError() {
		Path results = this.directory.resolve("results.jsonl");
		assertThat(execute("run", "--database", "sqlite", "--contender", "nobody", "--sqlite-directory",
				this.directory.toString(), "--results", results.toString()))
			.isEqualTo(CommandLine.ExitCode.USAGE);
		assertThat(this.errors.toString()).contains("Nothing to measure");
		assertThat(results).doesNotExist();
	}

	@Test
	void aServerThatDoesNotAnswerIsNamedByItsOption() {
		assertThat(execute("run", "--database", "postgresql", "--jdbc-url",
				"jdbc:postgresql://localhost:1/none?user=me&password=secret"))
			.isEqualTo(CommandLine.ExitCode.USAGE);
		assertThat(this.errors.toString()).contains("--jdbc-url").doesNotContain("secret");
	}

	@Test
	void whereNoResultsAreIsSaid() {
		assertThat(execute("report", "--results", this.directory.resolve("none").toString()))
			.isEqualTo(CommandLine.ExitCode.SOFTWARE);
		assertThat(this.errors.toString()).contains("There are no results at").doesNotContain("\tat ");
	}

	@Test
	void aDatabaseWithTablesIsLeftAlone() {
		try (PostgresDatabase server = PostgresDatabase.embedded()) {
			JdbcClient jdbc = JdbcClient.create(server.direct());
			jdbc.sql("CREATE TABLE precious (id int)").update();
			assertThat(execute("run", "--jdbc-url", server.url(), "--scenario", "claim", "--results",
					this.directory.resolve("results.jsonl").toString()))
				.isEqualTo(CommandLine.ExitCode.SOFTWARE);
			assertThat(this.errors.toString()).contains("tables", "--drop-everything");
			assertThat(jdbc.sql("SELECT count(*) FROM precious").query(Integer.class).single()).isZero();
		}
	}

	@Test
	void thePageInTheDocumentationIsThatOfTheStoredResults() throws IOException {
		assertThat(execute("report", "--results", STORED.toString(), "--notes",
				STORED.resolve("notes.properties").toString(), "--docs", this.directory.toString()))
			.isZero();
		assertThat(this.directory.resolve("benchmarks.md"))
			.hasSameTextualContentAs(Path.of("..", "docs", "benchmarks.md"));
		assertThat(Files.list(Path.of("..", "docs", "benchmarks"))).isNotEmpty();
	}

	private int execute(String... args) {
		return BenchmarksApplication.commandLine().setErr(new PrintWriter(this.errors, true)).execute(args);
	}

}
