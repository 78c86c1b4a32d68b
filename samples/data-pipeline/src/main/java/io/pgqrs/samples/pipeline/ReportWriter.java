package io.pgqrs.samples.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.pgqrs.samples.pipeline.Report.WordCount;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Writes the report. A crash between the file and the record of the step makes it write
 * the same file again, which does no harm.
 */
@Component
class ReportWriter {

	private static final int TOP = 10;

	private static final TypeReference<Map<String, Long>> COUNTS = new TypeReference<>() {
	};

	private final JdbcClient jdbc;

	private final JsonMapper json;

	private final PipelineProperties properties;

	ReportWriter(JdbcClient jdbc, JsonMapper json, PipelineProperties properties) {
		this.jdbc = jdbc;
		this.json = json;
		this.properties = properties;
	}

	Report write(long run, String source, long lines, long words) throws IOException {
		Path directory = Files.createDirectories(this.properties.output().toAbsolutePath());
		Path file = directory.resolve("report-" + run + ".txt");
		Report report = new Report(source, lines, words, topWords(run), file.toString());
		Files.writeString(file, report.table());
		return report;
	}

	private List<WordCount> topWords(long run) {
		Map<String, Long> total = new HashMap<>();
		this.jdbc.sql("SELECT counts FROM part_counts WHERE run_id = :run")
			.param("run", run)
			.query(String.class)
			.list()
			.forEach((counts) -> this.json.readValue(counts, COUNTS)
				.forEach((word, count) -> total.merge(word, count, Long::sum)));
		return total.entrySet()
			.stream()
			.map((entry) -> new WordCount(entry.getKey(), entry.getValue()))
			.sorted(Comparator.comparing(WordCount::count).reversed().thenComparing(WordCount::word))
			.limit(TOP)
			.toList();
	}

}
