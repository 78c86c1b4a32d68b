package io.pgqrs.spring.boot.autoconfigure;

import java.nio.file.Path;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.store.PgqrsStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/** Several data sources. */
class PgqrsDataSourceTests {

	@TempDir
	private Path directory;

	@Test
	void theMarkedDataSourceHoldsTheQueues() {
		application().withUserConfiguration(Two.class, Marked.class)
			.run((context) -> assertStoreIsOn(context, "queue"));
	}

	@Test
	void theMarkedDataSourceComesBeforeThePrimaryOne() {
		application().withUserConfiguration(PrimaryOne.class, Marked.class)
			.run((context) -> assertStoreIsOn(context, "queue"));
	}

	@Test
	void theMarkedDataSourceMayBeNoDefaultCandidate() {
		application().withUserConfiguration(MarkedBesideBoots.class)
			.withPropertyValues("spring.datasource.url=" + url("application"))
			.run((context) -> {
				assertThat(context.getBean(DataSource.class)).isSameAs(context.getBean("dataSource"));
				assertStoreIsOn(context, "queue");
			});
	}

	@Test
	void thePrimaryDataSourceHoldsTheQueues() {
		application().withUserConfiguration(PrimaryOne.class, Other.class)
			.run((context) -> assertStoreIsOn(context, "primary"));
	}

	@Test
	void twoDataSourcesWithoutAMarkAreRefused() {
		application().withUserConfiguration(Two.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AmbiguousDataSourceException.class)
				.hasMessageContaining("There are 2 data sources (one, two)")
				.hasMessageContaining("none is the primary one or marked with @PgqrsDataSource"));
	}

	@Test
	void aDataSourceIsNotChosenForItsName() {
		application().withUserConfiguration(NamedAsBootNamesIt.class, Other.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AmbiguousDataSourceException.class));
	}

	@Test
	void twoMarkedDataSourcesAreRefused() {
		application().withUserConfiguration(PrimaryOne.class, Marked.class, MarkedToo.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AmbiguousDataSourceException.class)
				.hasMessageContaining("2 are marked with @PgqrsDataSource"));
	}

	@Test
	void twoDataSourcesDoNotMatterWhenSwitchedOff() {
		application().withUserConfiguration(Two.class)
			.withPropertyValues("pgqrs.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private ApplicationContextRunner application() {
		return Applications.withStarter().withPropertyValues("directory=" + this.directory);
	}

	private String url(String name) {
		return "jdbc:sqlite:" + this.directory.resolve(name + ".db");
	}

	private static void assertStoreIsOn(AssertableApplicationContext context, String bean) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(PgqrsStore.class).dataSource()).isSameAs(context.getBean(bean));
		assertThat(context.getBean(PgqrsOperations.class).enqueue("emails", "hello")).isPositive();
	}

	private static HikariDataSource pool(Environment environment, String name) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl("jdbc:sqlite:" + environment.getProperty("directory") + "/" + name + ".db");
		pool.setMinimumIdle(0);
		return pool;
	}

	@Configuration(proxyBeanMethods = false)
	static class Two {

		@Bean
		HikariDataSource one(Environment environment) {
			return pool(environment, "one");
		}

		@Bean
		HikariDataSource two(Environment environment) {
			return pool(environment, "two");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryOne {

		@Bean
		@Primary
		HikariDataSource primary(Environment environment) {
			return pool(environment, "primary");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Other {

		@Bean
		HikariDataSource other(Environment environment) {
			return pool(environment, "other");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NamedAsBootNamesIt {

		@Bean
		HikariDataSource dataSource(Environment environment) {
			return pool(environment, "dataSource");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Marked {

		@Bean
		@PgqrsDataSource
		HikariDataSource queue(Environment environment) {
			return pool(environment, "queue");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedToo {

		@Bean
		@PgqrsDataSource
		HikariDataSource queueToo(Environment environment) {
			return pool(environment, "queueToo");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedBesideBoots {

		@Bean(defaultCandidate = false)
		@PgqrsDataSource
		HikariDataSource queue(Environment environment) {
			return pool(environment, "queue");
		}

	}

}
