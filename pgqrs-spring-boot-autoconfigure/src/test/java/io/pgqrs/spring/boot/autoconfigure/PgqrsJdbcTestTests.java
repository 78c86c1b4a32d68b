package io.pgqrs.spring.boot.autoconfigure;

import java.nio.file.Path;

import io.pgqrs.PgqrsOperations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase.Replace;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A test slice of the application, which has our tables and nothing else of us. */
@JdbcTest(properties = { "spring.flyway.locations=classpath:application/flyway", "spring.liquibase.enabled=false" })
@AutoConfigureTestDatabase(replace = Replace.NONE)
class PgqrsJdbcTestTests {

	@TempDir
	private static Path directory;

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private ObjectProvider<PgqrsOperations> operations;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", () -> "jdbc:sqlite:" + directory.resolve("test.db"));
		registry.add("spring.datasource.hikari.minimum-idle", () -> 0);
	}

	@Test
	void theSliceHasOurTables() {
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM pgqrs_messages", Long.class)).isZero();
	}

	@Test
	void theSliceHasNoQueue() {
		assertThat(this.operations.getIfAvailable()).isNull();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

	}

}
