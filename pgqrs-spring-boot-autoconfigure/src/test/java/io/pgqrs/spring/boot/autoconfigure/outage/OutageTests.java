package io.pgqrs.spring.boot.autoconfigure.outage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The server is stopped while an application works, or is not there when it starts. */
class OutageTests {

	private static final Log logger = LogFactory.getLog(OutageTests.class);

	/** The full size, by {@code -Psoak}. */
	private static final Duration OUTAGE = Duration.ofSeconds((System.getProperty("pgqrs.soak") != null) ? 120 : 8);

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	/** Lines in the log of a process that an outage may cost. */
	private static final int MAX_LINES = 20;

	/** Those of them that are ours, and not of the pool. */
	private static final int MAX_OWN_LINES = 6;

	/** What begins an entry, and does not go on with its stack trace. */
	private static final Pattern ENTRY = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d+ [A-Z]+ ");

	private static final String BROKEN = "PostgreSQL cannot be reached, as ";

	private static final String HEALED = "PostgreSQL answers again, after ";

	@TempDir
	Path directory;

	private Path log;

	private int port;

	private EmbeddedPostgres server;

	private Process application;

	@BeforeEach
	void choosePort() throws IOException {
		this.log = this.directory.resolve("application.log");
		try (ServerSocket socket = new ServerSocket(0)) {
			this.port = socket.getLocalPort();
		}
	}

	@AfterEach
	void stop() throws IOException {
		if (this.application != null) {
			this.application.destroyForcibly();
		}
		if (this.server != null) {
			this.server.close();
		}
	}

	@Test
	void afterAnOutageUnderLoadNothingIsLostAndTheLogStaysShort() throws Exception {
		startServer();
		startApplication();
		Report before = awaitReport((report) -> report.produced() > 400 && report.running() == running());
		int linesBefore = log().size();
		this.server.close();
		Awaitility.await().pollDelay(OUTAGE).atMost(OUTAGE.plusMinutes(1)).until(() -> true);
		assertThat(this.application.isAlive()).isTrue();
		startServer();
		awaitReport((report) -> report.produced() > before.produced() + 400 && report.running() == running());
		Report after = finish();
		awaitHealed();
		List<String> lines = log().subList(linesBefore, log().size());
		logger.info("Stopped for " + OUTAGE + ": " + after.produced() + " messages and runs, " + after.missing()
				+ " lost, " + lines.size() + " lines in the log");
		assertThat(after.missing()).isZero();
		assertThat(lines).as(() -> String.join("\n", lines)).hasSizeLessThan(MAX_LINES);
		assertThat(lines).filteredOn((line) -> line.contains(BROKEN)).hasSize(1);
		assertThat(lines).filteredOn((line) -> line.contains(HEALED)).hasSize(1);
		assertThat(lines).filteredOn((line) -> line.contains(" io.pgqrs.") || line.contains(" i.p."))
			.hasSizeLessThan(MAX_OWN_LINES);
	}

	@Test
	void anApplicationMayStartBeforeItsDatabase() throws Exception {
		startApplication("--pgqrs.startup-failure-policy=retry", "--pgqrs.queues.mails.max-attempts=7");
		Awaitility.await().atMost(PATIENCE).until(() -> report().running() == 0);
		startServer();
		awaitReport((report) -> report.produced() > 200 && report.running() == running());
		assertThat(finish().missing()).isZero();
		assertThat(log()).as(() -> String.join("\n", log()))
			.filteredOn((line) -> line.contains("WARN") || line.contains("ERROR"))
			.hasSize(1)
			.first()
			.asString()
			.contains(BROKEN + "the startup of pgqrs finds: ");
		awaitHealed();
	}

	@Test
	void withoutThatPolicyItDoesNotStart() throws Exception {
		startApplication();
		assertThat(this.application.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(this.application.exitValue()).isNotZero();
	}

	private static long running() {
		return OutageApplication.CONTAINERS;
	}

	private Report finish() throws IOException {
		ask("stop");
		return awaitReport((report) -> report.missing() == 0 && report.running() == running());
	}

	private void awaitHealed() {
		Awaitility.await().atMost(PATIENCE).until(() -> log().stream().anyMatch((line) -> line.contains(HEALED)));
	}

	private Report awaitReport(Predicate<Report> condition) {
		return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(this::report, condition);
	}

	/** What it said last, which may be the answer to an earlier question. */
	private Report report() throws IOException {
		ask("report");
		List<String> reports = lines().filter((line) -> line.startsWith(OutageApplication.REPORT)).toList();
		return reports.isEmpty() ? new Report(0, 0, -1) : Report.of(reports.get(reports.size() - 1));
	}

	private void ask(String question) throws IOException {
		assertThat(this.application.isAlive()).as(() -> String.join("\n", log())).isTrue();
		this.application.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
		this.application.getOutputStream().flush();
	}

	private List<String> log() {
		return lines().filter((line) -> ENTRY.matcher(line).lookingAt()).toList();
	}

	/** Those that are complete. */
	private Stream<String> lines() {
		try {
			String text = Files.readString(this.log);
			return text.substring(0, text.lastIndexOf('\n') + 1).lines();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void startServer() throws IOException {
		this.server = EmbeddedPostgres.builder()
			.setPort(this.port)
			.setDataDirectory(this.directory.resolve("data"))
			.setCleanDataDirectory(false)
			.setOverrideWorkingDirectory(this.directory.resolve("work").toFile())
			.start();
	}

	private void startApplication(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m", "-XX:TieredStopAtLevel=1",
						"-cp", System.getProperty("java.class.path"), OutageApplication.class.getName(),
						"--spring.main.banner-mode=off", "--spring.datasource.url=jdbc:postgresql://localhost:"
								+ this.port + "/postgres?user=postgres&password=postgres",
						"--logging.level.root=INFO"));
		command.addAll(Arrays.asList(arguments));
		this.application = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.log.toFile())
			.start();
	}

	/**
	 * What the application said.
	 *
	 * @param produced what it was told that it was enqueued
	 * @param missing how much of that was not consumed yet
	 * @param running containers that consume
	 */
	private record Report(int produced, int missing, int running) {

		static Report of(String line) {
			String[] figures = line.split(" ");
			return new Report(Integer.parseInt(figures[1]), Integer.parseInt(figures[2]), Integer.parseInt(figures[3]));
		}

	}

}
