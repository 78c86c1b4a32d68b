package io.pgqrs.spring.boot.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.PgqrsStores;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.sqlite.SqliteDataSources;
import io.pgqrs.store.sqlite.SqliteOptions;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the backend and its tables.
 *
 * @since 0.1
 */
@AutoConfiguration(after = DataSourceAutoConfiguration.class)
@ConditionalOnClass({ DataSourceBuilder.class, DatabaseInitializationDependencyConfigurer.class })
@ConditionalOnBooleanProperty(name = "pgqrs.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PgqrsProperties.class)
@Import(DatabaseInitializationDependencyConfigurer.class)
public final class PgqrsStoreAutoConfiguration {

	private static final Log logger = LogFactory.getLog(PgqrsStoreAutoConfiguration.class);

	PgqrsStoreAutoConfiguration() {
	}

	@Bean
	static SqliteDataSourcePreparer pgqrsSqliteDataSourcePreparer(ObjectProvider<PgqrsProperties> properties) {
		return new SqliteDataSourcePreparer(properties);
	}

	@Bean
	@ConditionalOnClass(HikariDataSource.class)
	static PatientPoolPostProcessor pgqrsPatientPoolPostProcessor(ObjectProvider<PgqrsProperties> properties) {
		return new PatientPoolPostProcessor(properties);
	}

	@Bean
	@ConditionalOnBean(DataSource.class)
	@ConditionalOnMissingBean
	PgqrsStore pgqrsStore(PgqrsProperties properties, ObjectProvider<DataSource> candidates,
			@PgqrsDataSource ObjectProvider<DataSource> qualified, ListableBeanFactory beanFactory) {
		DataSource dataSource = choose(candidates, qualified, beanFactory);
		DataSource direct = SqliteDataSources.isPrepared(dataSource) ? null
				: DataSourceDetails.of(dataSource).withoutPool();
		PgqrsStore store = create(dataSource, direct, properties);
		if (direct == null && store.database().equals("PostgreSQL") && properties.getWakeUp().isEnabled()) {
			logger.info("No connection to listen for wake-ups can be derived from a " + dataSource.getClass().getName()
					+ ": consumers poll for what other processes enqueue");
		}
		return store;
	}

	private static DataSource choose(ObjectProvider<DataSource> candidates, ObjectProvider<DataSource> qualified,
			ListableBeanFactory beanFactory) {
		List<DataSource> marked = qualified.stream().toList();
		if (marked.size() == 1) {
			return marked.get(0);
		}
		DataSource unique = marked.isEmpty() ? candidates.getIfUnique() : null;
		if (unique == null) {
			String[] names = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, DataSource.class);
			throw new AmbiguousDataSourceException(List.of(names), marked.size());
		}
		return unique;
	}

	private static PgqrsStore create(DataSource dataSource, @Nullable DataSource direct, PgqrsProperties properties) {
		String schema = properties.getSchema().getName();
		SqliteOptions sqlite = new PgqrsPropertiesMapper(properties).sqliteOptions();
		String url = DataSourceDetails.of(dataSource).url();
		return PgqrsPropertiesMapper.checked("pgqrs.schema.name", schema,
				() -> PgqrsStores.create(url, dataSource, schema, direct, sqlite));
	}

	@Bean
	@ConditionalOnBean(PgqrsStore.class)
	@ConditionalOnMissingBean
	PgqrsSchemaInitializer pgqrsSchemaInitializer(PgqrsStore store, PgqrsProperties properties, Startup startup) {
		return new PgqrsSchemaInitializer(store.schema(), properties.getSchema().getMode(), startup);
	}

	@Bean
	@ConditionalOnBean(PgqrsStore.class)
	Startup pgqrsStartup(PgqrsStore store, PgqrsProperties properties) {
		return new Startup(store.availability(), properties.getStartupFailurePolicy());
	}

}
