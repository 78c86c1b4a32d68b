package io.pgqrs.spring.boot.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.ApplicationListener;

/**
 * Warns of a pool that handlers alone can keep busy: claims and extensions of leases then
 * wait for them, and messages are delivered again although nobody died.
 */
final class PoolSizeCheck implements ApplicationListener<ApplicationReadyEvent> {

	private static final Log logger = LogFactory.getLog(PoolSizeCheck.class);

	private final DataSource dataSource;

	private final ObjectProvider<PgqrsListenerEndpointRegistry> registries;

	PoolSizeCheck(DataSource dataSource, ObjectProvider<PgqrsListenerEndpointRegistry> registries) {
		this.dataSource = dataSource;
		this.registries = registries;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(this.dataSource, HikariDataSource.class);
		int handlers = this.registries.stream()
			.flatMap((registry) -> registry.getListenerContainers().stream())
			.filter(PgqrsListenerContainer::isAutoStartup)
			.mapToInt((container) -> container.getOptions().concurrency())
			.sum();
		if (pool != null && pool.getMaximumPoolSize() <= handlers) {
			logger.warn("The connection pool has at most " + pool.getMaximumPoolSize()
					+ " connections, and listeners and " + "workflows have " + handlers
					+ " handlers. If these keep all connections busy for longer than a "
					+ "lease lasts, messages are delivered again although nobody failed. Raise "
					+ "spring.datasource.hikari.maximum-pool-size, see 'Sizing' in docs/operations.md");
		}
	}

}
