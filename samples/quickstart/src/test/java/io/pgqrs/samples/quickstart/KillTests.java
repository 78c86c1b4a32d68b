package io.pgqrs.samples.quickstart;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.pgqrs.test.TestPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Processes that are killed as {@code kill -9} does: three times, or ten in a soak. */
class KillTests {

	private static final int KILLS = (System.getProperty("pgqrs.soak") != null) ? 10 : 3;

	private static final int FILES = 200 * KILLS;

	private final long seed = System.nanoTime();

	private final Random random = new Random(this.seed);

	@TempDir
	private Path directory;

	private Path input;

	@BeforeEach
	void files() throws IOException {
		this.input = Files.createDirectory(this.directory.resolve("input"));
		for (int i = 0; i < FILES; i++) {
			Files.writeString(this.input.resolve("file" + i + ".txt"), "two words\n".repeat(i % 10 + 1));
		}
	}

	@Test
	void eachFileIsCountedOnceOnSqlite() throws Exception {
		Path file = this.directory.resolve("quickstart.db");
		killAndRestart("jdbc:sqlite:" + file + "?busy_timeout=10000", "", "--database=" + file);
	}

	@Test
	void eachFileIsCountedOnceOnPostgres() throws Exception {
		TestPostgres server = TestPostgres.instance();
		String schema = server.newSchema();
		String pgqrsSchema = server.newSchema();
		String url = server.url() + "&currentSchema=" + schema;
		JdbcClient jdbc = JdbcClient.create(server.direct());
		jdbc.sql("CREATE SCHEMA " + schema).update();
		try {
			killAndRestart(url, pgqrsSchema + ".", "--spring.profiles.active=postgres",
					"--spring.datasource.url=" + url, "--pgqrs.schema.name=" + pgqrsSchema);
		}
		finally {
			jdbc.sql("DROP SCHEMA IF EXISTS " + schema + ", " + pgqrsSchema + " CASCADE").update();
		}
	}

	private void killAndRestart(String url, String schema, String... arguments) throws Exception {
		JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(url));
		List<Long> countedAtDeath = new ArrayList<>();
		for (int i = 0; i < KILLS; i++) {
			long before = counted(jdbc);
			Process process = start(arguments);
			try {
				if (i % 2 == 0) {
					// Half-way for sure; else at any moment, also while it starts.
					await().atMost(Duration.ofSeconds(60)).until(() -> counted(jdbc) > before || !process.isAlive());
				}
				process.waitFor(this.random.nextInt((i % 2 == 0) ? 1000 : 5000), TimeUnit.MILLISECONDS);
			}
			finally {
				process.destroyForcibly().waitFor();
			}
			countedAtDeath.add(counted(jdbc));
		}
		Process last = start(arguments);
		try {
			assertThat(last.waitFor(120, TimeUnit.SECONDS)).as(this::log).isTrue();
		}
		finally {
			last.destroyForcibly();
		}
		assertThat(last.exitValue()).as(this::log).isZero();
		System.out.println("Killed " + KILLS + " times, seed " + this.seed + ", counted by then: " + countedAtDeath);
		assertThat(countedAtDeath).as("killed half-way, at least once").anyMatch((count) -> count > 0 && count < FILES);
		assertThat(number(jdbc, "SELECT count(*) FROM scans")).as("scans").isOne();
		assertThat(number(jdbc, "SELECT count(*) FROM scans WHERE finished")).as("finished scans").isOne();
		assertThat(number(jdbc, "SELECT count(*) FROM file_counts")).as("rows").isEqualTo(FILES);
		assertThat(number(jdbc, "SELECT count(DISTINCT file) FROM file_counts")).as("files").isEqualTo(FILES);
		assertThat(number(jdbc, "SELECT sum(words) FROM file_counts")).as("words").isEqualTo(FILES * 11L);
		// Had a file been handled again after it was counted, its job would have failed
		// on the unique key.
		assertThat(number(jdbc, "SELECT count(*) FROM " + schema + "pgqrs_archive")).as("completed").isEqualTo(FILES);
		assertThat(number(jdbc, "SELECT count(*) FROM " + schema + "pgqrs_messages")).as("pending").isZero();
		assertThat(number(jdbc, "SELECT count(*) FROM " + schema + "pgqrs_dead_letters")).as("dead letters").isZero();
	}

	private Process start(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
				"-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				QuickstartApplication.class.getName(), "--exit", "--input=" + this.input, "--quickstart.delay=40ms"));
		command.addAll(List.of(arguments));
		File log = this.directory.resolve("log").toFile();
		return new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log))
			.start();
	}

	private static long counted(JdbcClient jdbc) {
		try {
			return number(jdbc, "SELECT count(*) FROM file_counts");
		}
		catch (DataAccessException ex) {
			return 0; // there is no such table yet
		}
	}

	private static long number(JdbcClient jdbc, String sql) {
		return jdbc.sql(sql).query(Long.class).single();
	}

	private String log() {
		try {
			return Files.readString(this.directory.resolve("log"));
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

}
