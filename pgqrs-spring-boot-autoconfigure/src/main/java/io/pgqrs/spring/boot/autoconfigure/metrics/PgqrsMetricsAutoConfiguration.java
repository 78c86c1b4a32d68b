package io.pgqrs.spring.boot.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.pgqrs.Maintenance;
import io.pgqrs.spring.boot.autoconfigure.PgqrsMaintenanceAutoConfiguration;
import io.pgqrs.spring.boot.autoconfigure.LocalConsumers;
import io.pgqrs.spring.boot.autoconfigure.PgqrsMetricsProperties;
import io.pgqrs.spring.boot.autoconfigure.PgqrsMonitoringAutoConfiguration;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.QueueEvents;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.micrometer.metrics.MaximumAllowableTagsMeterFilter;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of metrics, where there is a meter
 * registry to have them.
 *
 * @since 0.1
 */
@AutoConfiguration(after = { PgqrsMonitoringAutoConfiguration.class, PgqrsMaintenanceAutoConfiguration.class },
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({ MeterRegistry.class, MaximumAllowableTagsMeterFilter.class })
@ConditionalOnBean({ MeterRegistry.class, PgqrsStore.class, PgqrsSampler.class, LocalConsumers.class })
@ConditionalOnBooleanProperty(name = { "pgqrs.enabled", "pgqrs.metrics.enabled" }, matchIfMissing = true)
public final class PgqrsMetricsAutoConfiguration {

	private static final String PREFIX = "pgqrs.";

	private final PgqrsMetricsProperties properties;

	PgqrsMetricsAutoConfiguration(PgqrsMetricsProperties properties) {
		this.properties = properties;
	}

	@Bean
	@ConditionalOnMissingBean(QueueEvents.class)
	MeterQueueEvents pgqrsQueueEvents(MeterRegistry registry) {
		return new MeterQueueEvents(registry);
	}

	@Bean
	PgqrsGauges pgqrsGauges(MeterRegistry registry, PgqrsSampler sampler, PgqrsStore store, LocalConsumers consumers) {
		return new PgqrsGauges(registry, sampler, store, this.properties.getInterval(),
				() -> consumers.startupProblem() == null);
	}

	@Bean
	@ConditionalOnSingleCandidate(Maintenance.class)
	MaintenanceMeters pgqrsMaintenanceMeters(Maintenance maintenance) {
		return new MaintenanceMeters(maintenance);
	}

	@Bean
	static MaximumAllowableTagsMeterFilter pgqrsQueueTagMeterFilter(PgqrsMetricsProperties properties) {
		return limit("queue", properties);
	}

	@Bean
	static MaximumAllowableTagsMeterFilter pgqrsWorkflowTagMeterFilter(PgqrsMetricsProperties properties) {
		return limit("workflow", properties);
	}

	@Bean
	static MaximumAllowableTagsMeterFilter pgqrsListenerTagMeterFilter(PgqrsMetricsProperties properties) {
		return limit("listener", properties);
	}

	private static MaximumAllowableTagsMeterFilter limit(String tag, PgqrsMetricsProperties properties) {
		return new MaximumAllowableTagsMeterFilter(PREFIX, tag, properties.getMaxQueues(),
				"Set 'pgqrs.metrics.max-queues' if there are so many");
	}

}
