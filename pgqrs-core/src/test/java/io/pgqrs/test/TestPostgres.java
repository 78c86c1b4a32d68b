package io.pgqrs.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The PostgreSQL of all tests of a JVM, started when it is first asked for. The first of:
 * <ol>
 * <li>the one that the environment variable {@code PGQRS_TEST_JDBC_URL} names, with user
 * and password in the URL;</li>
 * <li>a container, where a Docker engine answers;</li>
 * <li>an embedded one.</li>
 * </ol>
 * The last two do not wait for the disk: tests that crash the server start their own.
 */
public final class TestPostgres {

	private static final Log logger = LogFactory.getLog(TestPostgres.class);

	private static final String URL_VARIABLE = "PGQRS_TEST_JDBC_URL";

	private static final DockerImageName IMAGE = DockerImageName.parse("postgres:18-alpine");

	private static final String MAX_CONNECTIONS = "200";

	private static final int POOL_SIZE = 16;

	private final AtomicInteger schemas = new AtomicInteger();

	/** Two runs against one server must not meet. */
	private final String run = Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX) + "_"
			+ Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

	private final String url;

	private TestPostgres(String url) {
		this.url = url;
	}

	/**
	 * The server, started if need be.
	 * @return the one of this JVM
	 */
	public static TestPostgres instance() {
		return Holder.INSTANCE;
	}

	private static TestPostgres start() {
		String url = System.getenv(URL_VARIABLE);
		if (url != null && !url.isBlank()) {
			return new TestPostgres(url);
		}
		if (DockerClientFactory.instance().isDockerAvailable()) {
			try {
				return new TestPostgres(startContainer());
			}
			catch (ContainerFetchException | ContainerLaunchException ex) {
				logger.warn("A Docker engine answers, but does not start " + IMAGE + ": " + ex.getMessage());
			}
		}
		return new TestPostgres(startEmbedded());
	}

	@SuppressWarnings("resource") // Testcontainers removes it when the JVM ends
	private static String startContainer() {
		PostgreSQLContainer container = new PostgreSQLContainer(IMAGE).withCommand("postgres", "-c",
				"max_connections=" + MAX_CONNECTIONS, "-c", "fsync=off", "-c", "synchronous_commit=off");
		container.start();
		return container.getJdbcUrl() + "&user=" + container.getUsername() + "&password=" + container.getPassword();
	}

	private static String startEmbedded() {
		try {
			EmbeddedPostgres server = EmbeddedPostgres.builder()
				.setServerConfig("max_connections", MAX_CONNECTIONS)
				.start();
			return server.getJdbcUrl("postgres", "postgres");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Where the server is.
	 * @return a JDBC URL with user and password
	 */
	public String url() {
		return this.url;
	}

	/**
	 * A name for a schema, which is not created.
	 * @return one that nobody else has
	 */
	public String newSchema() {
		return "test_" + this.run + "_" + this.schemas.incrementAndGet();
	}

	/**
	 * A new pool, to be closed by the caller.
	 * @return a pool of up to 16 connections, which opens them when they are asked for
	 */
	public HikariDataSource dataSource() {
		return pool(this.url);
	}

	public static HikariDataSource pool(String url) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setMaximumPoolSize(POOL_SIZE);
		config.setMinimumIdle(0);
		config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(30));
		return new HikariDataSource(config);
	}

	/**
	 * Connections without a pool.
	 * @return a data source that needs not be closed
	 */
	public DataSource direct() {
		return direct(this.url);
	}

	public static DataSource direct(String url) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(url);
		return dataSource;
	}

	/** Starts the server when it is first asked for. */
	private static final class Holder {

		private static final TestPostgres INSTANCE = start();

	}

}
