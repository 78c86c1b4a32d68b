package io.pgqrs.samples.pipeline;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

@ExtendWith(OutputCaptureExtension.class)
class DataPipelineTests {

	private static final String TEXT = "To be, or not\nto be:\n\nthat's the question\n";

	@TempDir
	private Path directory;

	@Test
	void theReportCountsAFile(CapturedOutput output) throws IOException {
		Path file = Files.writeString(this.directory.resolve("hamlet.txt"), TEXT);
		assertThat(run(file.toString())).isZero();
		String expected = """
				%s

				lines                        4
				words                        9
				------------------------------
				be                           2
				to                           2
				not                          1
				or                           1
				question                     1
				that's                       1
				the                          1
				""".formatted(file);
		assertThat(report(1)).content().isEqualToNormalizingNewlines(expected);
		assertThat(output.toString().replace("\r", "")).contains(expected)
			.contains("s, written to " + report(1))
			.containsSubsequence("executes step 'fetch'", "executes step 'split' in a transaction",
					"executes step 'report'");
	}

	@Test
	void theTextThatShipsWithTheSampleIsCountedByDefault() {
		assertThat(run()).isZero();
		assertThat(report(1)).content().contains("lines                      197").containsPattern("words +2,168\n");
	}

	@Test
	void anEmptyTextHasNoWords() throws IOException {
		Path file = Files.createFile(this.directory.resolve("empty.txt"));
		assertThat(run(file.toString())).isZero();
		assertThat(report(1)).content().containsPattern("lines +0\n").containsPattern("words +0\n");
	}

	@Test
	void theSameCommandComesBackToItsRunUnlessANewOneIsAskedFor(CapturedOutput output) throws IOException {
		try (TextServer server = new TextServer(TEXT)) {
			assertThat(run(server.url())).isZero();
			assertThat(run(server.url())).isZero();
			assertThat(output).contains("Run 1 has ended already");
			assertThat(server.requests()).isOne();
			assertThat(run(server.url(), "--new")).isZero();
			assertThat(server.requests()).isEqualTo(2);
			Files.delete(report(1));
			assertThat(run(server.url())).isZero();
			assertThat(server.requests()).isEqualTo(2);
			assertThat(report(1)).doesNotExist();
		}
	}

	@Test
	void aServerThatFailsOnceIsAskedAgain(CapturedOutput output) throws IOException {
		try (TextServer server = new TextServer(TEXT)) {
			server.failWith(503);
			assertThat(run(server.url())).isZero();
			assertThat(server.requests()).isEqualTo(2);
			assertThat(output).contains("'" + server.url() + "' answers with status 503")
				.contains("executes step 'fetch', attempt 2");
		}
	}

	@Test
	void aUrlThatDoesNotExistFailsAtOnce(CapturedOutput output) throws IOException {
		try (TextServer server = new TextServer(TEXT)) {
			server.failWith(404);
			assertThat(run(server.url())).isOne();
			assertThat(server.requests()).isOne();
			assertThat(output.getErr()).contains("'" + server.url() + "' answers with status 404");
		}
	}

	@Test
	void aUrlThatCannotBeReachedFailsAfterSomeAttempts(CapturedOutput output) throws IOException {
		String url;
		try (ServerSocket unused = new ServerSocket(0)) {
			url = "http://localhost:" + unused.getLocalPort() + "/";
		}
		assertThat(run(url)).isOne();
		assertThat(output).contains("executes step 'fetch', attempt 3").doesNotContain("attempt 4");
		assertThat(output.getErr()).contains("'" + url + "' cannot be read: java.net.ConnectException");
	}

	@Test
	void aRunThatFailedIsTriedAgainByTheSameCommand(CapturedOutput output) throws IOException {
		Path file = this.directory.resolve("late.txt");
		assertThat(run(file.toString())).isOne();
		assertThat(output.getErr())
			.contains("Run 1 of workflow 'data-pipeline' failed: There is no file '" + file + "'");
		Files.writeString(file, TEXT);
		assertThat(run(file.toString())).isZero();
		assertThat(output).contains("Run 1 goes on");
		assertThat(report(1)).content().containsPattern("words +9\n");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', delimiter = '|', value = { "http://no host/ | 'http://no host/' is not a URL",
			"--approve-run=4711 | There is no run 4711", "--approve-run=it | takes the number of a run, but is 'it'" })
	void badArgumentsAreExplained(String argument, String message, CapturedOutput output) {
		assertThat(run(argument)).isOne();
		assertThat(output.getErr()).contains(message);
	}

	@Test
	void aStepThatDoesNotExistIsNamed(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--crash-after=fetched"));
		assertThat(output).contains("There is no step 'fetched' to crash after");
	}

	private int run(String... arguments) {
		List<String> all = new ArrayList<>(Arrays.asList(arguments));
		all.add("--database=" + this.directory.resolve("pipeline.db"));
		all.add("--output=" + this.directory);
		return SpringApplication.exit(SpringApplication.run(DataPipelineApplication.class, all.toArray(new String[0])));
	}

	private Path report(int run) {
		return this.directory.resolve("report-" + run + ".txt");
	}

}
