package io.pgqrs.benchmarks.report;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import io.pgqrs.benchmarks.Results;
import io.pgqrs.benchmarks.ResultsFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class ReportTests {

	@TempDir
	private Path directory;

	private Results sample;

	private Path notes;

	@BeforeEach
	void read() throws Exception {
		this.sample = ResultsFile.read(resource("sample.jsonl"));
		this.notes = resource("notes.properties");
	}

	@Test
	void aGoalThatIsMetIsShownWithWhatWasMeasured() throws IOException {
		assertThat(page()).contains(
				"| drain, 4 consumers, batch 50, delete, against the best tuning of db-scheduler | ≥ 5 × | 6.20 × | met |",
				"| idle latency, p99 | ≤ 25 ms | 4.50 ms | met |",
				"| statements per run of k steps, queued, amortised | ≤ k + 2 | k + 1.30 | met |");
	}

	@Test
	void aGoalThatIsMissedIsShownWithTheReason() throws IOException {
		assertThat(page()).contains(
				"| the same against JobRunr | ≥ 40 × | 31.0 × | **missed**: JobRunr was given a faster disk |",
				"| ≥ 0.9 | 0.85 | **missed**: four threads want the same lock |");
	}

	@Test
	void aGoalThatIsMissedWithoutAReasonIsWarnedOf() throws IOException {
		Path page = this.directory.resolve("benchmarks.md");
		assertThat(Report.write(this.sample, this.directory.resolve("no-notes"), page))
			.contains("The goal 'drain-jobrunr' was missed, and the notes do not say why");
		assertThat(page).content().contains("| ≥ 40 × | 31.0 × | **missed** |");
	}

	@Test
	void aGoalThatWasNotMeasuredSaysSo() throws IOException {
		assertThat(page()).contains("| the same inline against DBOS direct | ≥ 3 × | not measured | |");
	}

	@Test
	void aTableShowsMediansRangesAndRatios() throws IOException {
		assertThat(page()).contains("""
				All: consumers 4, batch 50, on success delete, peer threads 8, messages 50,000.

				| | messages per second | ratio to pgqrs |
				|---|---|---|
				| pgqrs | 31,000 (30,000 – 33,000) | |
				| bare JDBC loop | 40,000 (39,000 – 41,000) | 1.29 |
				| db-scheduler 0.5/1.0 | 2,600 (2,500 – 2,700) | 0.08 |
				| db-scheduler 4.0/20.0 | 5,000 (4,900 – 5,100) | 0.16 |
				| JobRunr | 1,000 (1,000 – 1,000) | 0.03 |
				""");
	}

	@Test
	void whatHasOtherFiguresGetsATableOfItsOwn() throws IOException {
		assertThat(page()).contains("""
				| what | steps | | statements per run | WAL bytes per run |
				|---|---|---|---|---|
				| workflow queued | 3 | pgqrs | 4.10 | 4,200 |
				| workflow queued | 10 | pgqrs | 11.3 | 9,100 |
				""", """
				| what | | statements per second |
				|---|---|---|
				| idle | pgqrs | 5.25 |
				""");
	}

	@Test
	void conditionsAreShown() throws IOException {
		assertThat(page()).contains("The full run of 2026-01-02T00:00:00Z.", "| processors | 2 |",
				"| db-scheduler | 16.12.0 |", "| fsync | on |");
	}

	@Test
	void aScenarioThatNobodyDescribedIsShownAllTheSame() throws IOException {
		assertThat(page()).contains("## experiment", "| | bananas per second |");
	}

	@Test
	void aQuickRunIsTakenIfNoneWasFull() throws IOException {
		this.sample = new Results(this.sample.runs().stream().filter((run) -> !run.description().full()).toList());
		assertThat(page()).contains("The quick run of 2026-01-03T00:00:00Z.", "## Claim with a backlog")
			.doesNotContain("## Latency");
	}

	@Test
	void theSameResultsGiveTheSameBytes() throws IOException {
		assertThat(files("once")).isEqualTo(files("twice"));
	}

	@Test
	void chartsAreXmlAndReferredTo() throws Exception {
		assumeThatChartsCanBeDrawn();
		String page = page();
		List<Path> charts = charts();
		assertThat(charts).extracting((chart) -> chart.getFileName().toString())
			.containsExactly("costs-postgresql.svg", "drain-batch-1-sqlite.svg", "drain-peers-batch-50-postgresql.svg",
					"latency-postgresql.svg");
		for (Path chart : charts) {
			assertThat(page).contains("](benchmarks/" + chart.getFileName() + ")");
			DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
			factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
			assertThat(factory.newDocumentBuilder().parse(chart.toFile()).getDocumentElement().getTagName())
				.isEqualTo("svg");
		}
	}

	@Test
	void chartsOfEarlierRunsAreRemoved() throws IOException {
		Path old = this.directory.resolve("benchmarks/old.svg");
		Files.createDirectories(old.getParent());
		Files.writeString(old, "<svg/>");
		page();
		assertThat(old).doesNotExist();
	}

	@Test
	void aNoteOnAGoalThatDoesNotExistFails() throws IOException {
		this.notes = Files.writeString(this.directory.resolve("notes.properties"), "drain-jobrunner = slow");
		assertThatIllegalArgumentException().isThrownBy(this::page)
			.withMessageContaining("explains the goal 'drain-jobrunner', but the goals are [drain-db-scheduler, ");
	}

	@Test
	void withoutARunThereIsNoPage() {
		this.sample = new Results(List.of());
		assertThatIllegalArgumentException().isThrownBy(this::page).withMessage("There is no run with results");
	}

	private String page() throws IOException {
		Path page = this.directory.resolve("benchmarks.md");
		Report.write(this.sample, this.notes, page);
		return Files.readString(page);
	}

	private Map<String, String> files(String name) throws IOException {
		Path root = Files.createDirectory(this.directory.resolve(name));
		Report.write(this.sample, this.notes, root.resolve("benchmarks.md"));
		Map<String, String> contents = new TreeMap<>();
		try (Stream<Path> files = Files.walk(root)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				contents.put(root.relativize(file).toString(), Files.readString(file));
			}
		}
		return contents;
	}

	private List<Path> charts() throws IOException {
		try (Stream<Path> charts = Files.list(this.directory.resolve("benchmarks"))) {
			return new ArrayList<>(charts.sorted().toList());
		}
	}

	private static void assumeThatChartsCanBeDrawn() {
		try {
			ChartPainter.create();
		}
		catch (ChartPainter.Unavailable ex) {
			assumeTrue(false, ex.getMessage());
		}
	}

	private static Path resource(String name) throws URISyntaxException {
		URL url = Objects.requireNonNull(ReportTests.class.getResource(name), name);
		return Path.of(url.toURI());
	}

}
