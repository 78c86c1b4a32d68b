package io.pgqrs.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchIOException;

class ResultsFileTests {

	private static final RunDescription RUN = new RunDescription("2026-01-02T03:04:05Z", true,
			Map.of("processors", "2"), Map.of("pgqrs", "0.1"), Map.of("SQLite", Map.of("version", "3.50")));

	private static final Result RESULT = new Result(RUN.run(), "drain", "SQLite",
			Map.of("batch", 50, "onSuccess", "delete"), "pgqrs", 1, Map.of("messages_per_second", 12345.5));

	@TempDir
	private Path directory;

	@Test
	void whatIsWrittenIsReadAgain() throws IOException {
		Path file = this.directory.resolve("deep/down/results.jsonl");
		try (ResultsFile results = ResultsFile.open(file)) {
			results.write(RUN);
			results.write(RESULT);
			assertThat(Files.readAllLines(file)).satisfiesExactly(
					(first) -> assertThat(first).startsWith("{\"type\":\"run\","),
					(second) -> assertThat(second).startsWith("{\"type\":\"result\","));
		}
		assertThat(ResultsFile.read(file).runs()).singleElement().satisfies((run) -> {
			assertThat(run.description()).isEqualTo(RUN);
			assertThat(run.results()).containsExactly(RESULT);
		});
	}

	@Test
	void aFileIsAppendedTo() throws IOException {
		Path file = this.directory.resolve("results.jsonl");
		try (ResultsFile results = ResultsFile.open(file)) {
			results.write(RUN);
		}
		try (ResultsFile results = ResultsFile.open(file)) {
			results.write(RESULT);
		}
		assertThat(ResultsFile.read(file).runs()).singleElement()
			.satisfies((run) -> assertThat(run.results()).containsExactly(RESULT));
	}

	@Test
	void aDirectoryIsReadInTheOrderOfItsRuns() throws IOException {
		write("a.jsonl", "2026-02-01T00:00:00Z");
		write("b.jsonl", "2026-01-01T00:00:00Z");
		Files.writeString(this.directory.resolve("notes.md"), "not a result");
		assertThat(ResultsFile.read(this.directory).runs()).extracting((run) -> run.description().run())
			.containsExactly("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
	}

	@Test
	void aLineThatIsNoJsonIsNamed() throws IOException {
		assertFailure("{\"type\":\"run\"").contains("broken.jsonl, line 3: ");
	}

	@Test
	void aLineOfAnUnknownTypeIsNamed() throws IOException {
		assertFailure("{\"type\":\"resutl\"}")
			.endsWith("broken.jsonl, line 3: \"type\" must be \"run\" or \"result\", but is \"resutl\"");
	}

	@Test
	void aLineThatIsNoObjectIsNamed() throws IOException {
		assertFailure("[]").endsWith("broken.jsonl, line 3: a line must be a JSON object");
	}

	@Test
	void aLineThatLacksSomethingIsNamed() throws IOException {
		assertFailure("{\"type\":\"result\",\"run\":\"x\"}").contains("broken.jsonl, line 3: ").contains("scenario");
	}

	@Test
	void aResultOfARunThatWasNotDescribedIsNamed() throws IOException {
		Path file = this.directory.resolve("orphan.jsonl");
		try (ResultsFile results = ResultsFile.open(file)) {
			results.write(RESULT);
		}
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> ResultsFile.read(file))
			.withMessage(file + ", line 1: no line before describes the run '" + RUN.run() + "'");
	}

	@Test
	void aRunInTwoFilesIsNamed() throws IOException {
		write("a.jsonl", RUN.run());
		write("b.jsonl", RUN.run());
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> ResultsFile.read(this.directory))
			.withMessageContaining("b.jsonl")
			.withMessageContaining("is in another file too");
	}

	@Test
	void nothingToReadIsSaid() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> ResultsFile.read(this.directory))
			.withMessageContaining("There is no *.jsonl in the directory");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> ResultsFile.read(this.directory.resolve("missing")))
			.withMessageContaining("There are no results at");
	}

	private AbstractStringAssert<?> assertFailure(String line) throws IOException {
		Path file = this.directory.resolve("broken.jsonl");
		try (ResultsFile results = ResultsFile.open(file)) {
			results.write(RUN);
		}
		Files.writeString(file, Files.readString(file) + "\n" + line + "\n");
		IOException failure = catchIOException(() -> ResultsFile.read(file));
		return assertThat(failure.getMessage());
	}

	private void write(String name, String run) throws IOException {
		try (ResultsFile results = ResultsFile.open(this.directory.resolve(name))) {
			results.write(new RunDescription(run, false, Map.of(), Map.of(), Map.of()));
		}
	}

}
