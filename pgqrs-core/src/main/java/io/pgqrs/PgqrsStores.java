package io.pgqrs;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.postgres.PostgresStore;
import io.pgqrs.store.sqlite.SqliteOptions;
import io.pgqrs.store.sqlite.SqliteStore;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Finds the backend for a data source. The only place that knows which there are.
 *
 * @since 0.1
 */
public final class PgqrsStores {

	/** The schema that holds the tables on PostgreSQL, unless told otherwise. */
	public static final String DEFAULT_SCHEMA = "pgqrs";

	private static final String POSTGRESQL = "PostgreSQL";

	private PgqrsStores() {
	}

	/**
	 * Makes the backend for a database, with the default options.
	 * @param dataSource leads to PostgreSQL or SQLite
	 * @return the backend; on PostgreSQL one that polls
	 * @throws UnsupportedDatabaseException if it leads elsewhere
	 */
	public static PgqrsStore create(DataSource dataSource) {
		return create(dataSource, DEFAULT_SCHEMA, null, SqliteOptions.defaults());
	}

	/**
	 * Makes the backend for a database, which is asked what it is.
	 * @param dataSource leads to PostgreSQL or SQLite
	 * @param schema PostgreSQL: the schema that holds the tables
	 * @param direct PostgreSQL: the same database without a pool, for the connection that
	 * listens for wake-ups; null to poll only
	 * @param sqlite SQLite: how connections are set up
	 * @return the backend
	 * @throws UnsupportedDatabaseException if the data source leads elsewhere
	 */
	public static PgqrsStore create(DataSource dataSource, String schema, @Nullable DataSource direct,
			SqliteOptions sqlite) {
		return of(product(dataSource), dataSource, schema, direct, sqlite);
	}

	/**
	 * Makes the backend for a database that may be out of reach, if the URL says which
	 * one it is. Otherwise the database is asked.
	 * @param url JDBC URL that the data source leads to, or null if it is not known
	 * @param dataSource leads to PostgreSQL or SQLite
	 * @param schema PostgreSQL: the schema that holds the tables
	 * @param direct PostgreSQL: the same database without a pool, for the connection that
	 * listens for wake-ups; null to poll only
	 * @param sqlite SQLite: how connections are set up
	 * @return the backend
	 * @throws UnsupportedDatabaseException if the data source leads elsewhere
	 */
	public static PgqrsStore create(@Nullable String url, DataSource dataSource, String schema,
			@Nullable DataSource direct, SqliteOptions sqlite) {
		boolean known = url != null && url.startsWith("jdbc:postgresql:");
		return of(known ? POSTGRESQL : product(dataSource), dataSource, schema, direct, sqlite);
	}

	private static PgqrsStore of(String product, DataSource dataSource, String schema, @Nullable DataSource direct,
			SqliteOptions sqlite) {
		return switch (product) {
			case POSTGRESQL -> PostgresStore.create(dataSource, schema, direct);
			case "SQLite" -> SqliteStore.create(dataSource, sqlite);
			default -> throw new UnsupportedDatabaseException("pgqrs does not work on " + product
					+ ". It works on PostgreSQL and SQLite: point spring.datasource.url, or a data source qualified with "
					+ "@PgqrsDataSource, at one of them");
		};
	}

	private static String product(DataSource dataSource) {
		Connection connection = DataSourceUtils.getConnection(dataSource);
		try {
			return String.valueOf(connection.getMetaData().getDatabaseProductName());
		}
		catch (SQLException ex) {
			throw new UnsupportedDatabaseException("The database does not say what it is: " + ex.getMessage());
		}
		finally {
			DataSourceUtils.releaseConnection(connection, dataSource);
		}
	}

}
