package io.pgqrs.spring.boot.autoconfigure;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Where a data source leads to: below its proxies, and without opening a connection where
 * that can be helped.
 */
final class DataSourceDetails {

	private static final Log logger = LogFactory.getLog(DataSourceDetails.class);

	private static final String[] URL_PROPERTIES = { "jdbcUrl", "url", "URL" };

	private static final boolean HIKARI = ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource",
			DataSourceDetails.class.getClassLoader());

	private final DataSource root;

	private DataSourceDetails(DataSource root) {
		this.root = root;
	}

	static DataSourceDetails of(DataSource dataSource) {
		return new DataSourceDetails(DataSourceUnwrapper.unwrapRoot(dataSource));
	}

	/** The JDBC URL that it is configured with, or null if its class does not say. */
	@Nullable String url() {
		BeanWrapper bean = PropertyAccessorFactory.forBeanPropertyAccess(this.root);
		for (String property : URL_PROPERTIES) {
			if (bean.isReadableProperty(property) && bean.getPropertyValue(property) instanceof String url) {
				return url;
			}
		}
		return null;
	}

	/** The JDBC URL as a connection says it, or null if there is none. */
	@Nullable String connectedUrl() {
		try {
			return JdbcUtils.extractDatabaseMetaData(this.root, DatabaseMetaData::getURL);
		}
		catch (MetaDataAccessException | RuntimeException ex) {
			logger.debug("Could not connect to find out where the data source leads to", ex);
			return null;
		}
	}

	/**
	 * A data source of the same database that opens a new connection each time.
	 * @return null if it cannot be derived from this one
	 */
	@Nullable DataSource withoutPool() {
		try {
			SimpleDriverDataSource direct = DataSourceBuilder.derivedFrom(this.root)
				.type(SimpleDriverDataSource.class)
				.build();
			if (!StringUtils.hasText(direct.getUrl())) {
				return null;
			}
			return HIKARI ? Hikari.complete(this.root, direct) : direct;
		}
		catch (RuntimeException ex) {
			logger.debug("Could not derive a data source without a pool", ex);
			return null;
		}
	}

	/** What a pool does to its connections besides the URL and the credentials. */
	private static final class Hikari {

		private Hikari() {
		}

		static DataSource complete(DataSource pool, SimpleDriverDataSource direct) {
			if (!(pool instanceof HikariDataSource hikari)) {
				return direct;
			}
			// Such as sslmode or socketFactory.
			Properties connectionProperties = new Properties();
			connectionProperties.putAll(hikari.getDataSourceProperties());
			direct.setConnectionProperties(connectionProperties);
			// Such as SET ROLE, without which somebody else would own the tables.
			String initSql = hikari.getConnectionInitSql();
			return StringUtils.hasText(initSql) ? new InitializingDataSource(direct, initSql) : direct;
		}

	}

	/** Executes a statement on each new connection. */
	private static final class InitializingDataSource extends DelegatingDataSource {

		private final String sql;

		InitializingDataSource(DataSource dataSource, String sql) {
			super(dataSource);
			this.sql = sql;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			try (Statement statement = connection.createStatement()) {
				statement.execute(this.sql);
				return connection;
			}
			catch (SQLException ex) {
				JdbcUtils.closeConnection(connection);
				throw ex;
			}
		}

	}

}
