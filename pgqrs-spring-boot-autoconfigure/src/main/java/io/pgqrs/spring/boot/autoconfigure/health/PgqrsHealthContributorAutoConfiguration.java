package io.pgqrs.spring.boot.autoconfigure.health;

import java.time.Duration;

import io.pgqrs.spring.boot.autoconfigure.DatabaseCheck;
import io.pgqrs.spring.boot.autoconfigure.LocalConsumers;
import io.pgqrs.spring.boot.autoconfigure.PgqrsMonitoringAutoConfiguration;
import io.pgqrs.spring.boot.autoconfigure.PgqrsProperties;
import io.pgqrs.spring.boot.autoconfigure.PgqrsProperties.Schema.Mode;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the {@link PgqrsHealthIndicator}.
 *
 * @since 0.1
 */
@AutoConfiguration(after = PgqrsMonitoringAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnEnabledHealthIndicator("pgqrs")
@ConditionalOnBean({ DatabaseCheck.class, LocalConsumers.class })
public final class PgqrsHealthContributorAutoConfiguration {

	/** Twice the longest pause between two attempts of a container. */
	private static final Duration RECOVERY = Duration.ofMinutes(1);

	PgqrsHealthContributorAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = { "pgqrsHealthIndicator", "pgqrsHealthContributor" })
	PgqrsHealthIndicator pgqrsHealthIndicator(DatabaseCheck database, LocalConsumers consumers,
			PgqrsProperties properties) {
		return new PgqrsHealthIndicator(database, consumers, properties.getSchema().getMode() != Mode.NONE, RECOVERY);
	}

}
