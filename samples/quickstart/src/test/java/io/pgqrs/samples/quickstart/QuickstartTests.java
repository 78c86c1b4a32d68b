package io.pgqrs.samples.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest
@AutoConfigureMockMvc
@DirtiesContext
class QuickstartTests {

	@TempDir
	static Path directory;

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private JdbcClient jdbc;

	@DynamicPropertySource
	static void inputAndDatabase(DynamicPropertyRegistry registry) throws IOException {
		Path input = directory.resolve("input");
		write(input.resolve("one.txt"), "a line\nand another line");
		write(input.resolve("empty.txt"), "");
		write(input.resolve("deeper/Two.java"), "class Two {\n}\n");
		write(input.resolve("LICENSE"), "free");
		write(input.resolve("photo.jpg"), "\u0000\u0001");
		write(input.resolve("target/skipped.txt"), "skipped");
		write(input.resolve("node_modules/skipped.txt"), "skipped");
		write(input.resolve(".git/skipped.txt"), "skipped");
		write(directory.resolve("secret.txt"), "not in the input directory");
		registry.add("input", input::toString);
		registry.add("database", directory.resolve("quickstart.db")::toString);
	}

	private static void write(Path file, String text) throws IOException {
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

	@Test
	void eachTextFileIsCounted() throws IOException {
		String input = directory.resolve("input").toRealPath() + "/";
		assertThat(this.jdbc.sql("""
				SELECT substr(file, :prefix) || ' ' || extension || ' ' || lines || ' ' || words
				FROM file_counts JOIN scans ON scans.id = scan_id WHERE finished""")
			.param("prefix", input.length() + 1)
			.query(String.class)
			.list()).containsExactlyInAnyOrder("one.txt txt 2 5", "empty.txt txt 0 0", "deeper/Two.java java 2 4",
					"LICENSE (none) 1 1");
	}

	@Test
	void aFileAndATextAreTakenByHttp() {
		awaitResult(post("{\"path\": \"one.txt\"}"), 2, 5);
		awaitResult(post("{\"path\": \"one.txt\"}"), 2, 5);
		awaitResult(post("{\"text\": \"to be or not to be\"}"), 1, 6);
	}

	private void awaitResult(MvcTestResult accepted, int lines, int words) {
		assertThat(accepted).hasStatus(202);
		assertThat(accepted).bodyJson().extractingPath("$.id").asNumber().satisfies((id) -> {
			await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
				MvcTestResult result = this.mvc.get().uri("/jobs/{id}", id).exchange();
				assertThat(result).hasStatusOk();
				assertThat(result).bodyJson().extractingPath("$.lines").isEqualTo(lines);
				assertThat(result).bodyJson().extractingPath("$.words").isEqualTo(words);
			});
		});
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', delimiter = '|',
			value = { "{} | Give either 'path'", "{\"path\": \"one.txt\", \"text\": \"both\"} | Give either 'path'",
					"{\"path\": \" \"} | Give either 'path'", "{\"path\": \"none.txt\"} | There is no file 'none.txt'",
					"{\"path\": \"deeper\"} | There is no file 'deeper'",
					"{\"path\": \"../secret.txt\"} | There is no file '../secret.txt'",
					"{\"path\": \"/etc/passwd\"} | There is no file '/etc/passwd'",
					"{\"path\": \"photo.jpg\"} | 'photo.jpg' is not a text file",
					"{\"path\": \"a\\u0000b\"} | There is no file",
					"{\"text\": \"a\\u0000b\"} | contains the character U+0000", "not json | Failed to read request",
					"`` | Failed to read request" })
	void badInputIsExplained(String body, String detail) {
		MvcTestResult result = post(body);
		assertThat(result).hasStatus(400).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(result).bodyJson().extractingPath("$.detail").asString().contains(detail);
	}

	@Test
	void aTextThatIsTooLargeIsRefused() {
		MvcTestResult result = post("{\"text\": \"" + "x".repeat(1024 * 1024) + "\"}");
		assertThat(result).hasStatus(413);
		assertThat(result).bodyJson().extractingPath("$.detail").asString().contains("1048576");
	}

	@Test
	void aJobThatNobodyKnowsIsNotFound() {
		MvcTestResult result = this.mvc.get().uri("/jobs/4711").exchange();
		assertThat(result).hasStatus(404).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
	}

	@Test
	void healthAndMetricsAreThere() {
		assertThat(this.mvc.get().uri("/actuator/health")).hasStatusOk();
		assertThat(this.mvc.get().uri("/actuator/metrics")).hasStatusOk();
		assertThat(this.mvc.get().uri("/actuator/pgqrs")).hasStatusOk();
	}

	private MvcTestResult post(String body) {
		return this.mvc.post()
			.uri("/jobs")
			.contentType(MediaType.APPLICATION_JSON)
			.content(body.getBytes(StandardCharsets.UTF_8))
			.exchange();
	}

}
