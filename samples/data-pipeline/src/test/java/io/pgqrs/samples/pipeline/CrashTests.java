package io.pgqrs.samples.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.pgqrs.test.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

/** Processes that crash, and processes that go on with what those have left. */
class CrashTests {

	private static final int PARTS = TextSplitter.PARTS;

	/** Those that are no signals. */
	private static final List<String> EXECUTED = List.of("fetch", "split", "report");

	private static final List<String> STEPS = Stream
		.of(Stream.of("fetch", "split"), IntStream.rangeClosed(1, PARTS).mapToObj(DataPipeline::counted),
				Stream.of("report"))
		.flatMap(Function.identity())
		.toList();

	@TempDir
	private Path directory;

	private TextServer server;

	@BeforeEach
	void serve() throws IOException {
		this.server = new TextServer("two words\n".repeat(100));
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "fetch", "split", "counted-5", "report" })
	void aRunThatCrashedGoesOnFromItsLastStep(String step) throws Exception {
		crashAndResume(step, sqlite(), "");
	}

	@Test
	void aRunThatCrashedGoesOnFromItsLastStepOnPostgres() throws Exception {
		TestPostgres postgres = TestPostgres.instance();
		String schema = postgres.newSchema();
		String pgqrsSchema = postgres.newSchema();
		String url = postgres.url() + "&currentSchema=" + schema;
		JdbcClient jdbc = JdbcClient.create(postgres.direct());
		jdbc.sql("CREATE SCHEMA " + schema).update();
		try {
			crashAndResume("counted-2", url, pgqrsSchema + ".", "--spring.profiles.active=postgres",
					"--spring.datasource.url=" + url, "--pgqrs.schema.name=" + pgqrsSchema);
		}
		finally {
			jdbc.sql("DROP SCHEMA IF EXISTS " + schema + ", " + pgqrsSchema + " CASCADE").update();
		}
	}

	private void crashAndResume(String step, String url, String schema, String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of(this.server.url(), "--crash-after=" + step));
		command.addAll(List.of(arguments));
		Finished crashed = run(command);
		assertThat(crashed.exitCode()).as(crashed.log()).isEqualTo(137);
		Finished resumed = run(command);
		assertThat(resumed.exitCode()).as(resumed.log()).isZero();
		int last = STEPS.indexOf(step);
		for (String recorded : STEPS.subList(0, last + 1)) {
			assertThat(resumed.log()).contains("replays " + kind(recorded) + " '" + recorded + "'");
		}
		for (String executed : EXECUTED) {
			boolean before = STEPS.indexOf(executed) <= last;
			assertThat(crashed.executions(executed)).as(executed + " before the crash").isEqualTo(before ? 1 : 0);
			assertThat(resumed.executions(executed)).as(executed + " after the crash").isEqualTo(before ? 0 : 1);
		}
		assertThat(this.server.requests()).isOne();
		assertCountedOnce(url, schema);
	}

	private static String kind(String step) {
		return EXECUTED.contains(step) ? "step" : "signal";
	}

	@Test
	void aRunWaitsForApprovalWithoutAProcess() throws Exception {
		List<String> command = List.of(this.server.url(), "--approve");
		for (int i = 0; i < 2; i++) {
			Finished waiting = run(command);
			assertThat(waiting.exitCode()).as(waiting.log()).isZero();
			assertThat(waiting.log()).contains("Run 1 waits for approval").contains("--approve-run=1");
			assertThat(waiting.executions("report")).isZero();
		}
		JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(sqlite()));
		assertThat(jdbc.sql("SELECT status FROM pgqrs_workflow_runs").query(String.class).single()).isEqualTo("PAUSED");
		assertThat(report()).doesNotExist();

		Finished approved = run(List.of("--approve-run=1", "--crash-after=approve"));
		assertThat(approved.exitCode()).as(approved.log()).isEqualTo(137);
		assertThat(approved.executions("report")).isZero();
		Finished resumed = run(command);
		assertThat(resumed.exitCode()).as(resumed.log()).isZero();
		assertThat(resumed.log()).contains("replays signal 'approve'").doesNotContain("waits for approval");
		assertThat(resumed.executions("report")).isOne();
		assertThat(this.server.requests()).isOne();
		assertCountedOnce(sqlite(), "");
	}

	private void assertCountedOnce(String url, String schema) {
		JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(url));
		assertThat(number(jdbc, "SELECT count(*) FROM part_counts")).as("rows").isEqualTo(PARTS);
		// Had a part been handled again after it was counted, its job would have failed
		// on the primary key.
		assertThat(number(jdbc, "SELECT count(*) FROM " + schema + "pgqrs_archive")).as("completed").isEqualTo(PARTS);
		assertThat(number(jdbc, "SELECT count(*) FROM " + schema + "pgqrs_messages")).as("pending").isZero();
		assertThat(number(jdbc, "SELECT count(*) FROM " + schema + "pgqrs_dead_letters")).as("dead letters").isZero();
		assertThat(number(jdbc, "SELECT count(*) FROM " + schema + "pgqrs_workflow_runs WHERE status = 'SUCCESS'"))
			.as("runs")
			.isOne();
		assertThat(report()).content().containsPattern("lines +100\\R").containsPattern("words +200\\R");
	}

	private static long number(JdbcClient jdbc, String sql) {
		return jdbc.sql(sql).query(Long.class).single();
	}

	private String sqlite() {
		return "jdbc:sqlite:" + this.directory.resolve("pipeline.db") + "?busy_timeout=10000";
	}

	private Path report() {
		return this.directory.resolve("report-1.txt");
	}

	private Finished run(List<String> arguments) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m", "-XX:TieredStopAtLevel=1",
						"-cp", System.getProperty("java.class.path"), DataPipelineApplication.class.getName(),
						"--output=" + this.directory, "--database=" + this.directory.resolve("pipeline.db")));
		command.addAll(arguments);
		Path log = Files.createTempFile(this.directory, "run", ".log");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		try {
			assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(() -> command + ": " + contentOf(log.toFile()))
				.isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		return new Finished(process.exitValue(), Files.readString(log));
	}

	private record Finished(int exitCode, String log) {

		int executions(String step) {
			return StringUtils.countOccurrencesOf(this.log, "executes step '" + step + "'");
		}

	}

}
