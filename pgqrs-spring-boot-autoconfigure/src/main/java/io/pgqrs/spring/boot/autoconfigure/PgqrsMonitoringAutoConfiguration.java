package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.WakeUps;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.listener.PgqrsWorker;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.workflow.WorkflowOperations;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of what health, endpoint and metrics
 * have in common.
 *
 * @since 0.1
 */
@AutoConfiguration(after = PgqrsWorkflowAutoConfiguration.class)
@EnableConfigurationProperties(PgqrsMetricsProperties.class)
@ConditionalOnBooleanProperty(name = "pgqrs.enabled", matchIfMissing = true)
@ConditionalOnBean({ PgqrsStore.class, PgqrsAdmin.class, WakeUps.class })
public final class PgqrsMonitoringAutoConfiguration {

	/** A probe that waits longer gives up by itself. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	PgqrsMonitoringAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	PgqrsSampler pgqrsSampler(PgqrsAdmin admin, ObjectProvider<WorkflowOperations> workflows,
			PgqrsMetricsProperties properties) {
		Duration interval = properties.getInterval();
		if (interval.toMillis() < 1) {
			throw new InvalidConfigurationPropertyValueException("pgqrs.metrics.interval", interval,
					"It must be at least a millisecond");
		}
		return new PgqrsSampler(admin, workflows.getIfUnique(), interval);
	}

	@Bean
	@ConditionalOnMissingBean
	DatabaseCheck pgqrsDatabaseCheck(PgqrsStore store, PgqrsSampler sampler) {
		return new DatabaseCheck(store, sampler, PATIENCE);
	}

	@Bean
	@ConditionalOnMissingBean
	LocalConsumers pgqrsLocalConsumers(ObjectProvider<PgqrsListenerEndpointRegistry> registries,
			ObjectProvider<PgqrsListenerContainer> containers, ObjectProvider<PgqrsWorker> workers,
			ObjectProvider<Startup> startups, WakeUps wakeUps, PgqrsProperties properties) {
		return new LocalConsumers(registries, containers, workers, startups, wakeUps,
				properties.getWakeUp().isEnabled());
	}

}
