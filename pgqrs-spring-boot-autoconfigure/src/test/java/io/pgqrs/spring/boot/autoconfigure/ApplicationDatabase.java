package io.pgqrs.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.util.UUID;

import javax.sql.DataSource;

import io.pgqrs.test.TestPgBouncer;
import io.pgqrs.test.TestPostgres;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * An empty database for one application.
 *
 * @param url where it is
 * @param removal removes it
 */
public record ApplicationDatabase(String url, Runnable removal) implements AutoCloseable {

	public static ApplicationDatabase sqlite(Path directory) {
		return new ApplicationDatabase("jdbc:sqlite:" + directory.resolve(UUID.randomUUID() + ".db"), () -> {
		});
	}

	/** A database of its own, not only a schema: what is in "public" matters here. */
	public static ApplicationDatabase postgres() {
		JdbcClient server = JdbcClient.create(TestPostgres.instance().direct());
		String name = "application_" + UUID.randomUUID().toString().replace('-', '_');
		server.sql("CREATE DATABASE " + name).update();
		String url = TestPostgres.instance().url().replaceFirst("^(jdbc:postgresql://[^/]+/)[^?]*", "$1" + name);
		return new ApplicationDatabase(url, () -> server.sql("DROP DATABASE " + name + " WITH (FORCE)").update());
	}

	/** The same, behind a PgBouncer that pools transactions. */
	public static ApplicationDatabase pgBouncer() {
		TestPgBouncer pooler = TestPgBouncer.transactionPooling();
		ApplicationDatabase database = postgres();
		return new ApplicationDatabase(pooler.url(database.url()), database.removal());
	}

	/** The property that leads an application to it. */
	String property() {
		return "spring.datasource.url=" + url();
	}

	/** Statements of somebody else than the application. */
	public JdbcClient sql() {
		return JdbcClient.create(dataSource());
	}

	DataSource dataSource() {
		return DataSourceBuilder.create().type(SimpleDriverDataSource.class).url(url()).build();
	}

	@Override
	public void close() {
		this.removal.run();
	}

}
