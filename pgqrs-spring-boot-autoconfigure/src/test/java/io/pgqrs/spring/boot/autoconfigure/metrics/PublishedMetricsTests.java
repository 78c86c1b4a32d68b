package io.pgqrs.spring.boot.autoconfigure.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.spring.boot.autoconfigure.documentation.Repository;
import io.pgqrs.spring.boot.autoconfigure.metrics.MonitoredApplication.Orders;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/** What the dashboard and the document name is what a scrape of an application has. */
class PublishedMetricsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Pattern PROMETHEUS_NAME = Pattern.compile("pgqrs_[a-z_]+");

	/** A metric, its labels that are not pgqrs's own left aside. */
	private static final Pattern SELECTOR = Pattern.compile("(pgqrs_[a-z_]+)\\{([^}]*)}");

	private static final Pattern LABEL = Pattern.compile("([a-z]+)\\s*(?:=~|!=|=|!~)");

	private static final Pattern DOCUMENTED = Pattern.compile("^\\| `(pgqrs\\.[a-z.]+)` \\|([^|]*)\\|",
			Pattern.MULTILINE);

	@TempDir
	private Path directory;

	@Test
	void eachMetricOfTheDashboardIsInAScrape() {
		Set<String> queried = queries().flatMap((query) -> PROMETHEUS_NAME.matcher(query).results())
			.map(MatchResult::group)
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(queried).hasSizeGreaterThan(20);
		run((registry) -> {
			String scrape = registry.scrape();
			Set<String> scraped = scrape.lines()
				.filter((line) -> !line.startsWith("#"))
				.map((line) -> line.split("[{ ]")[0])
				.collect(Collectors.toSet());
			assertThat(scraped).containsAll(queried);
		});
	}

	@Test
	void eachLabelOfTheDashboardIsThatOfItsMetric() {
		run((registry) -> {
			String scrape = registry.scrape();
			assertThat(queries().flatMap((query) -> SELECTOR.matcher(query).results())).isNotEmpty()
				.allSatisfy((selector) -> {
					String sample = scrape.lines()
						.filter((line) -> line.startsWith(selector.group(1) + "{"))
						.findFirst()
						.orElseThrow();
					assertThat(LABEL.matcher(selector.group(2)).results().map((label) -> label.group(1)))
						.allSatisfy((label) -> assertThat(sample).contains(label + "=\""));
				});
		});
	}

	@Test
	void theDocumentHasEachMetricWithItsTags() throws IOException {
		String document = Files.readString(Repository.root().resolve("docs/metrics.md"));
		Map<String, String> documented = new TreeMap<>();
		DOCUMENTED.matcher(document)
			.results()
			.forEach((row) -> documented.put(row.group(1), row.group(2).replace("`", "").trim()));
		run((registry) -> {
			Map<String, String> published = new TreeMap<>();
			for (Meter meter : registry.getMeters()) {
				Meter.Id id = meter.getId();
				if (id.getName().startsWith("pgqrs.") && !id.getName().endsWith(".active")) {
					published.put(id.getName(),
							id.getTags()
								.stream()
								.map((tag) -> tag.getKey())
								.filter((tag) -> !tag.equals("application"))
								.sorted()
								.collect(Collectors.joining(", ")));
				}
			}
			assertThat(documented).isEqualTo(published);
		});
	}

	private void run(Consumer<PrometheusMeterRegistry> assertion) {
		try (ApplicationDatabase database = ApplicationDatabase.sqlite(this.directory)) {
			MonitoredApplication.on(database)
				.withConfiguration(AutoConfigurations.of(PrometheusMetricsExportAutoConfiguration.class))
				.withPropertyValues("management.metrics.tags.application=shop",
						"management.metrics.distribution.percentiles-histogram.pgqrs.handle=true",
						"management.metrics.distribution.percentiles-histogram.pgqrs.handle.active=false")
				.run((context) -> {
					PrometheusMeterRegistry registry = context.getBean(PrometheusMeterRegistry.class);
					context.getBean(Orders.class).place("book");
					context.getBean(Orders.class).place("fail");
					Awaitility.await()
						.atMost(PATIENCE)
						.untilAsserted(() -> assertThat(registry.scrape()).contains("pgqrs_workflow_run_seconds_count",
								"pgqrs_workflow_runs{", "pgqrs_handle_seconds_bucket"));
					assertion.accept(registry);
				});
		}
	}

	private static Stream<String> queries() {
		JsonNode dashboard = JsonMapper.shared()
			.readTree(Repository.root().resolve("docs/grafana-dashboard.json").toFile());
		return Stream.concat(dashboard.findValuesAsString("expr").stream(),
				dashboard.findValuesAsString("definition").stream());
	}

}
