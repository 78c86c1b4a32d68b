package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;

import io.pgqrs.Maintenance;
import io.pgqrs.store.PgqrsStore;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of retention, and of the warning of
 * old transactions.
 *
 * @since 0.1
 */
@AutoConfiguration(after = PgqrsStoreAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = { "pgqrs.enabled", "pgqrs.maintenance.enabled" }, matchIfMissing = true)
@ConditionalOnBean(PgqrsStore.class)
@EnableConfigurationProperties(PgqrsMaintenanceProperties.class)
public final class PgqrsMaintenanceAutoConfiguration {

	PgqrsMaintenanceAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	Maintenance pgqrsMaintenance(PgqrsStore store, PgqrsMaintenanceProperties properties, Startup startup) {
		Duration interval = properties.getInterval();
		Duration warning = properties.getTransactionWarning();
		Duration retention = properties.getWorkerRetention();
		PgqrsPropertiesMapper.checked("pgqrs.maintenance.interval", interval,
				() -> new Maintenance(store, interval, Duration.ZERO, Duration.ZERO));
		PgqrsPropertiesMapper.checked("pgqrs.maintenance.transaction-warning", warning,
				() -> new Maintenance(store, interval, warning, Duration.ZERO));
		Maintenance maintenance = PgqrsPropertiesMapper.checked("pgqrs.maintenance.worker-retention", retention,
				() -> new Maintenance(store, interval, warning, retention));
		maintenance.setStarter(startup::run);
		return maintenance;
	}

}
