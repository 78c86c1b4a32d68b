package io.pgqrs.spring.boot.autoconfigure.endpoint;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.spring.boot.autoconfigure.DatabaseCheck;
import io.pgqrs.spring.boot.autoconfigure.LocalConsumers;
import io.pgqrs.spring.boot.autoconfigure.PgqrsMonitoringAutoConfiguration;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler;
import io.pgqrs.workflow.WorkflowOperations;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the {@link PgqrsEndpoint}.
 *
 * @since 0.1
 */
@AutoConfiguration(after = PgqrsMonitoringAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBooleanProperty(name = "pgqrs.enabled", matchIfMissing = true)
@ConditionalOnAvailableEndpoint(PgqrsEndpoint.class)
@EnableConfigurationProperties(PgqrsEndpointProperties.class)
public final class PgqrsEndpointAutoConfiguration {

	PgqrsEndpointAutoConfiguration() {
	}

	@Bean
	@ConditionalOnBean({ PgqrsAdmin.class, DatabaseCheck.class, PgqrsSampler.class, LocalConsumers.class })
	@ConditionalOnMissingBean
	PgqrsEndpoint pgqrsEndpoint(PgqrsAdmin admin, DatabaseCheck database, PgqrsSampler sampler,
			LocalConsumers consumers, ObjectProvider<WorkflowOperations> workflows) {
		return new PgqrsEndpoint(admin, database, sampler, consumers, workflows.getIfUnique());
	}

	@Bean
	@ConditionalOnBean(PgqrsEndpoint.class)
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	PgqrsEndpointWebExtension pgqrsEndpointWebExtension(PgqrsEndpoint endpoint, PgqrsEndpointProperties properties,
			ObjectProvider<SanitizingFunction> sanitizingFunctions) {
		return new PgqrsEndpointWebExtension(endpoint, properties.getShowPayloads(), properties.getRoles(),
				sanitizingFunctions.orderedStream().toList());
	}

	@Bean
	@ConditionalOnBean(PgqrsEndpoint.class)
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.JMX)
	PgqrsEndpointJmxExtension pgqrsEndpointJmxExtension(PgqrsEndpoint endpoint, PgqrsEndpointProperties properties,
			ObjectProvider<SanitizingFunction> sanitizingFunctions) {
		return new PgqrsEndpointJmxExtension(endpoint, properties.getShowPayloads(),
				sanitizingFunctions.orderedStream().toList());
	}

}
