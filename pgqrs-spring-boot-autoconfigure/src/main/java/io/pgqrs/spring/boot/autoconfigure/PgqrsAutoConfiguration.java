package io.pgqrs.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.micrometer.observation.ObservationRegistry;
import io.pgqrs.FailurePolicy;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueDefinition;
import io.pgqrs.WakeUps;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.support.QueueEvents;
import io.pgqrs.support.micrometer.Instrumentation;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the queue: template, admin and
 * what they work with.
 *
 * @since 0.1
 */
@AutoConfiguration(after = PgqrsStoreAutoConfiguration.class,
		afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnBooleanProperty(name = "pgqrs.enabled", matchIfMissing = true)
@ConditionalOnBean(PgqrsStore.class)
public final class PgqrsAutoConfiguration {

	private final PgqrsProperties properties;

	PgqrsAutoConfiguration(PgqrsProperties properties) {
		this.properties = properties;
	}

	@Bean
	@ConditionalOnMissingBean
	PayloadJson pgqrsPayloadJson(ObjectProvider<JsonMapper> mapper) {
		return new PayloadJson(mapper.getIfUnique(JsonMapper::shared));
	}

	@Bean
	@ConditionalOnMissingBean
	Instrumentation pgqrsInstrumentation(ObjectProvider<ObservationRegistry> observations,
			ObjectProvider<QueueEvents> events) {
		return new Instrumentation(observations.getIfUnique(() -> ObservationRegistry.NOOP),
				events.getIfUnique(() -> QueueEvents.NONE));
	}

	// What the properties say of a queue counts more than what the application says.
	@Bean
	@ConditionalOnMissingBean
	QueueCatalog pgqrsQueueCatalog(PgqrsStore store, Startup startup, ObjectProvider<QueueDefinition> definitions) {
		List<QueueDefinition> all = new ArrayList<>(definitions.orderedStream().toList());
		all.addAll(new PgqrsPropertiesMapper(this.properties).queueDefinitions());
		QueueCatalog catalog = new QueueCatalog(store.queues(), this.properties.getQueueNotFoundStrategy(), all);
		startup.run(catalog::saveDefinitions);
		return catalog;
	}

	// Closed after the containers, which the context stops before it destroys beans.
	@Bean(initMethod = "listen", destroyMethod = "close")
	@ConditionalOnMissingBean
	WakeUps pgqrsWakeUps(PgqrsStore store) {
		return new WakeUps(this.properties.getWakeUp().isEnabled() ? store.wakeUps() : WakeUpTransport.none());
	}

	@Bean
	@ConditionalOnMissingBean(PgqrsOperations.class)
	PgqrsTemplate pgqrsTemplate(PgqrsStore store, QueueCatalog catalog, WakeUps wakeUps, PayloadJson json,
			Instrumentation instrumentation, ObjectProvider<FailurePolicy> failurePolicy,
			ObjectProvider<PgqrsTemplateCustomizer> customizers) {
		PgqrsTemplate template = new PgqrsTemplate(store, catalog, wakeUps, json);
		new PgqrsPropertiesMapper(this.properties).maxPayloadSize(template::setMaxPayloadSize);
		template.setInstrumentation(instrumentation);
		failurePolicy.ifUnique(template::setFailurePolicy);
		customizers.orderedStream().forEach((customizer) -> customizer.customize(template));
		return template;
	}

	@Bean
	@ConditionalOnMissingBean
	PgqrsAdmin pgqrsAdmin(PgqrsStore store, QueueCatalog catalog, WakeUps wakeUps, Instrumentation instrumentation) {
		PgqrsAdmin admin = new PgqrsAdmin(store, catalog, wakeUps);
		new PgqrsPropertiesMapper(this.properties).configure(admin);
		admin.setInstrumentation(instrumentation);
		return admin;
	}

}
