package io.pgqrs.spring.boot.autoconfigure;

import javax.sql.DataSource;

import io.pgqrs.store.sqlite.SqliteDataSources;
import io.pgqrs.store.sqlite.SqliteOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.util.ClassUtils;

/**
 * Makes each {@link DataSource} of a SQLite file safe for many threads, before anybody
 * opens a connection: everything in the application that writes to the file takes the
 * same lock. Has no order, so that it comes after those who wrap data sources and have
 * one: transactions are bound to the bean that is the result.
 */
final class SqliteDataSourcePreparer implements BeanPostProcessor {

	private static final boolean DRIVER = ClassUtils.isPresent("org.sqlite.JDBC",
			SqliteDataSourcePreparer.class.getClassLoader());

	private final ObjectProvider<PgqrsProperties> properties;

	SqliteDataSourcePreparer(ObjectProvider<PgqrsProperties> properties) {
		this.properties = properties;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof DataSource dataSource && !SqliteDataSources.isPrepared(dataSource)
				&& leadsToSqlite(dataSource)) {
			return prepare(dataSource, new PgqrsPropertiesMapper(this.properties.getObject()).sqliteOptions());
		}
		return bean;
	}

	private static boolean leadsToSqlite(DataSource dataSource) {
		DataSourceDetails details = DataSourceDetails.of(dataSource);
		String url = details.url();
		if (url == null && DRIVER) {
			url = details.connectedUrl();
		}
		return url != null && SqliteDataSources.isSqliteUrl(url);
	}

	private static DataSource prepare(DataSource dataSource, SqliteOptions options) {
		// Inside, so that a LazyConnectionDataSourceProxy remains lazy.
		if (dataSource instanceof DelegatingDataSource delegating) {
			@Nullable DataSource target = delegating.getTargetDataSource();
			if (target != null) {
				delegating.setTargetDataSource(prepare(target, options));
				return delegating;
			}
		}
		return SqliteDataSources.prepare(dataSource, options);
	}

}
