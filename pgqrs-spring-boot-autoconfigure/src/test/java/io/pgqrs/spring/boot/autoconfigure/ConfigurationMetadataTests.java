package io.pgqrs.spring.boot.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What an editor shows of our properties. */
class ConfigurationMetadataTests {

	private static final Pattern PROPERTIES = Pattern.compile("(management\\.endpoint\\.)?pgqrs(\\.[a-z-]+)+");

	/** What these are by default is said in words. */
	private static final List<String> WITHOUT_DEFAULT = List.of("pgqrs.queues", "pgqrs.listener.visibility-timeout",
			"pgqrs.listener.max-attempts", "pgqrs.workflow.overrides", "pgqrs.worker.name", "pgqrs.worker.dead-after",
			"pgqrs.endpoint.roles");

	private final JsonNode metadata = read();

	@Test
	void allPropertiesAreThere() {
		assertThat(properties().map((property) -> property.path("name").stringValue())).containsExactlyInAnyOrder(
				"pgqrs.enabled", "pgqrs.max-payload-size", "pgqrs.startup-failure-policy",
				"pgqrs.queue-not-found-strategy", "pgqrs.queues", "pgqrs.schema.mode", "pgqrs.schema.name",
				"pgqrs.listener.auto-startup", "pgqrs.listener.concurrency", "pgqrs.listener.batch-size",
				"pgqrs.listener.ack-mode", "pgqrs.listener.poll-interval", "pgqrs.listener.visibility-timeout",
				"pgqrs.listener.max-attempts", "pgqrs.listener.shutdown-timeout", "pgqrs.listener.phase",
				"pgqrs.workflow.auto-startup", "pgqrs.workflow.concurrency", "pgqrs.workflow.batch-size",
				"pgqrs.workflow.poll-interval", "pgqrs.workflow.visibility-timeout", "pgqrs.workflow.max-deliveries",
				"pgqrs.workflow.shutdown-timeout", "pgqrs.workflow.overrides", "pgqrs.workflow.retention",
				"pgqrs.workflow.failed-retention", "pgqrs.maintenance.enabled", "pgqrs.maintenance.interval",
				"pgqrs.maintenance.transaction-warning", "pgqrs.maintenance.worker-retention", "pgqrs.worker.name",
				"pgqrs.endpoint.show-payloads", "pgqrs.endpoint.roles", "management.endpoint.pgqrs.access",
				"management.endpoint.pgqrs.cache.time-to-live", "pgqrs.worker.heartbeat-interval",
				"pgqrs.worker.dead-after", "pgqrs.wake-up.enabled", "pgqrs.sqlite.busy-timeout",
				"pgqrs.sqlite.synchronous", "pgqrs.metrics.enabled", "pgqrs.metrics.interval",
				"pgqrs.metrics.max-queues");
	}

	@Test
	void everyPropertyHasATypeAndADescription() {
		assertThat(properties()).allSatisfy((property) -> {
			assertThat(property.path("name").stringValue()).matches(PROPERTIES);
			assertThat(property.path("type").stringValue()).isNotEmpty();
			assertThat(property.path("description").asString("")).endsWith(".")
				.doesNotStartWith("The ")
				.doesNotStartWith("A ");
		});
	}

	@Test
	void everyPropertyHasItsDefault() {
		assertThat(properties().filter((property) -> property.path("defaultValue").isMissingNode())
			.map((property) -> property.path("name").stringValue()))
			.containsExactlyInAnyOrderElementsOf(WITHOUT_DEFAULT);
	}

	@Test
	void booleansSayWhether() {
		assertThat(properties().filter((property) -> property.path("type").stringValue().equals("java.lang.Boolean")))
			.allSatisfy((property) -> assertThat(property.path("description").stringValue()).startsWith("Whether "));
	}

	@Test
	void hintsBelongToProperties() {
		List<String> names = properties().map((property) -> property.path("name").stringValue()).toList();
		assertThat(this.metadata.path("hints").valueStream()).isNotEmpty()
			.allSatisfy((hint) -> assertThat(names).contains(hint.path("name").stringValue()));
	}

	private Stream<JsonNode> properties() {
		return this.metadata.path("properties").valueStream();
	}

	private static JsonNode read() {
		Path classes = Path
			.of(URI.create(PgqrsProperties.class.getProtectionDomain().getCodeSource().getLocation().toString()));
		return JsonMapper.shared().readTree(classes.resolve("META-INF/spring-configuration-metadata.json"));
	}

}
