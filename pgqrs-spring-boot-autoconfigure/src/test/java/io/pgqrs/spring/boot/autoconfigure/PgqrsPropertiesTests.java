package io.pgqrs.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.store.sqlite.SqliteOptions;
import io.pgqrs.workflow.WorkflowOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class PgqrsPropertiesTests {

	@TempDir
	private Path directory;

	@Test
	void listenersHaveTheDefaultsOfTheContainer() {
		assertThat(new PgqrsPropertiesMapper(new PgqrsProperties()).containerOptions())
			.isEqualTo(ContainerOptions.builder().build());
	}

	@Test
	void sqliteHasTheDefaultsOfTheStore() {
		assertThat(new PgqrsPropertiesMapper(new PgqrsProperties()).sqliteOptions())
			.isEqualTo(SqliteOptions.defaults());
	}

	@Test
	void namesOfQueuesNeedBracketsForDots() {
		PgqrsProperties properties = bind(Map.of("pgqrs.queues.emails.retention", "1d",
				"pgqrs.queues.order-mails.retention", "2d", "pgqrs.queues[Order.created].retention", "3d"));
		assertThat(properties.getQueues()).hasSize(3)
			.hasEntrySatisfying("emails", (queue) -> assertThat(queue.getRetention()).isEqualTo(Duration.ofDays(1)))
			.hasEntrySatisfying("order-mails",
					(queue) -> assertThat(queue.getRetention()).isEqualTo(Duration.ofDays(2)))
			.hasEntrySatisfying("Order.created",
					(queue) -> assertThat(queue.getRetention()).isEqualTo(Duration.ofDays(3)));
	}

	@Test
	void namesOfWorkflowsNeedBracketsForUnderscores() {
		PgqrsProperties properties = bind(Map.of("pgqrs.workflow.overrides.imports.concurrency", "1",
				"pgqrs.workflow.overrides[data_pipeline].concurrency", "2",
				"pgqrs.workflow.overrides[data_pipeline].visibility-timeout", "3m",
				"pgqrs.workflow.overrides[data_pipeline].retention", "90d",
				"pgqrs.workflow.overrides[Data.pipeline].auto-startup", "false",
				"pgqrs.workflow.overrides[Data.pipeline].failed-retention", "1d"));
		assertThat(new PgqrsPropertiesMapper(properties).workflowOverrides()).containsOnly(
				entry("imports", new WorkflowOptions(1, null, null, null, null)),
				entry("data_pipeline", new WorkflowOptions(2, Duration.ofMinutes(3), null, Duration.ofDays(90), null)),
				entry("Data.pipeline", new WorkflowOptions(null, null, false, null, Duration.ofDays(1))));
	}

	@ParameterizedTest
	@CsvSource({ "pgqrs.max-payload-size, 0B", "pgqrs.schema.name, Robert'); DROP TABLE",
			"pgqrs.queues.emails.max-attempts, 0", "pgqrs.queues.emails.visibility-timeout, 0s",
			"pgqrs.queues.emails.backoff.initial, -1s", "pgqrs.queues.emails.backoff.multiplier, 0.5",
			"pgqrs.queues.emails.backoff.max, 1ms", "pgqrs.queues.emails.retention, 0d",
			"pgqrs.queues.emails.dead-letter-retention, 0d", "pgqrs.queues[Order.created].max-attempts, -1",
			"pgqrs.listener.concurrency, 0", "pgqrs.listener.batch-size, 0", "pgqrs.listener.poll-interval, 0s",
			"pgqrs.listener.visibility-timeout, 1ms", "pgqrs.listener.max-attempts, 0",
			"pgqrs.listener.shutdown-timeout, -1s", "pgqrs.workflow.concurrency, 0", "pgqrs.workflow.batch-size, 0",
			"pgqrs.workflow.poll-interval, 0s", "pgqrs.workflow.visibility-timeout, 1ms",
			"pgqrs.workflow.max-deliveries, 0", "pgqrs.workflow.shutdown-timeout, -1s", "pgqrs.workflow.retention, 0d",
			"pgqrs.workflow.failed-retention, -1d", "pgqrs.workflow.overrides.imports.concurrency, 0",
			"pgqrs.workflow.overrides.imports.retention, 0s",
			"pgqrs.workflow.overrides[data_pipeline].failed-retention, 0d", "pgqrs.maintenance.interval, 0s",
			"pgqrs.maintenance.transaction-warning, -1s", "pgqrs.maintenance.worker-retention, -1d",
			"pgqrs.workflow.overrides[data_pipeline].visibility-timeout, 1ms", "pgqrs.worker.heartbeat-interval, 0s",
			"pgqrs.worker.dead-after, 15s", "pgqrs.sqlite.busy-timeout, -1s" })
	void aValueThatIsRefusedIsReportedWithItsProperty(String property, String value) {
		try (ApplicationDatabase database = database(property)) {
			Applications.on(database).withPropertyValues(property + "=" + value).run((context) -> {
				assertThat(context).hasFailed();
				Throwable cause = context.getStartupFailure();
				while (cause != null && !(cause instanceof InvalidConfigurationPropertyValueException)) {
					cause = cause.getCause();
				}
				assertThat(cause).isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(invalid) -> assertThat(invalid.getName()).isEqualTo(property));
			});
		}
	}

	private ApplicationDatabase database(String property) {
		return property.startsWith("pgqrs.schema") ? ApplicationDatabase.postgres()
				: ApplicationDatabase.sqlite(this.directory);
	}

	private static PgqrsProperties bind(Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bind("pgqrs", PgqrsProperties.class).get();
	}

}
