package io.pgqrs.spring.boot.autoconfigure;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.sqlite.SqliteDataSources;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class SqliteDataSourcePreparerTests {

	@TempDir
	private Path directory;

	private String url;

	private ApplicationContextRunner application;

	@BeforeEach
	void createDatabase() {
		ApplicationDatabase database = ApplicationDatabase.sqlite(this.directory);
		this.url = database.url();
		this.application = Applications.on(database);
	}

	@Test
	void theApplicationsPoolIsPreparedAndRemainsAPool() {
		this.application.run((context) -> {
			assertThat(context).hasSingleBean(HikariDataSource.class);
			assertThat(SqliteDataSources.isPrepared(context.getBean(DataSource.class))).isTrue();
			assertThat(pragma(context.getBean(JdbcTemplate.class), "journal_mode")).isEqualTo("wal");
			assertThat(pragma(context.getBean(JdbcTemplate.class), "busy_timeout")).isEqualTo("5000");
			assertThat(pragma(context.getBean(JdbcTemplate.class), "synchronous")).isEqualTo("1");
		});
	}

	@Test
	void connectionsAreSetUpAsConfigured() {
		this.application.withPropertyValues("pgqrs.sqlite.busy-timeout=750ms", "pgqrs.sqlite.synchronous=full")
			.run((context) -> {
				assertThat(pragma(context.getBean(JdbcTemplate.class), "busy_timeout")).isEqualTo("750");
				assertThat(pragma(context.getBean(JdbcTemplate.class), "synchronous")).isEqualTo("2");
			});
	}

	@Test
	void nothingIsPreparedWhenSwitchedOff() {
		this.application.withPropertyValues("pgqrs.enabled=false").run((context) -> {
			assertThat(SqliteDataSources.isPrepared(context.getBean(DataSource.class))).isFalse();
			assertThat(pragma(context.getBean(JdbcTemplate.class), "journal_mode")).isNotEqualTo("wal");
		});
	}

	@Test
	void aLazyDataSourceIsPreparedAndRemainsLazy() {
		this.application.withPropertyValues("spring.datasource.connection-fetch=lazy").run((context) -> {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(LazyConnectionDataSourceProxy.class);
			assertPreparedAndUsed(context.getBean(DataSource.class), context.getBean(PgqrsStore.class));
			assertThat(context.getBean(PgqrsOperations.class).enqueue("emails", "hello")).isPositive();
		});
	}

	@Test
	void theDriversDataSourceIsPrepared() {
		this.application.withBean(SQLiteDataSource.class, () -> {
			SQLiteDataSource dataSource = new SQLiteDataSource();
			dataSource.setUrl(this.url);
			return dataSource;
		}).run((context) -> {
			assertPreparedAndUsed(context.getBean(DataSource.class), context.getBean(PgqrsStore.class));
			assertThat(context.getBean(PgqrsOperations.class).enqueue("emails", "hello")).isPositive();
		});
	}

	@Test
	void aDataSourceThatDoesNotSayItsUrlIsPrepared() {
		this.application.withBean(DataSource.class, () -> new SilentDataSource(this.url)).run((context) -> {
			assertPreparedAndUsed(context.getBean(DataSource.class), context.getBean(PgqrsStore.class));
			assertThat(context.getBean(PgqrsOperations.class).enqueue("emails", "hello")).isPositive();
		});
	}

	@Test
	void aDataSourceThatSomebodyElseWrappedIsPrepared() {
		this.application.withBean("wrapper", BeanPostProcessor.class, Wrapper::new).run((context) -> {
			assertThat(context).hasNotFailed();
			assertPreparedAndUsed(context.getBean(DataSource.class), context.getBean(PgqrsStore.class));
			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
				context.getBean(PgqrsOperations.class).enqueue("emails", "hello");
				status.setRollbackOnly();
			});
			assertThat(context.getBean(PgqrsAdmin.class).metrics()).isEmpty();
		});
	}

	@Test
	void dataSourcesOfOtherDatabasesAreLeftAlone() {
		SimpleDriverDataSource other = new SimpleDriverDataSource();
		other.setUrl("jdbc:postgresql://localhost/nowhere");
		Object bean = new SqliteDataSourcePreparer(mock()).postProcessAfterInitialization(other, "other");
		assertThat(bean).isSameAs(other);
	}

	@Test
	void thePreparationOpensNoConnection() {
		Path file = this.directory.resolve("other.db");
		this.application.run((context) -> {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl("jdbc:sqlite:" + file);
			Object bean = new SqliteDataSourcePreparer(context.getBeanProvider(PgqrsProperties.class))
				.postProcessAfterInitialization(pool, "pool");
			assertThat(SqliteDataSources.isPrepared((DataSource) bean)).isTrue();
			assertThat(file).doesNotExist();
			assertThat(pool.isRunning()).isFalse();
		});
	}

	@Test
	void thePoolCanBeWatched() {
		this.application.run((context) -> {
			context.getBean(JdbcTemplate.class).execute("SELECT 1");
			assertThat(context.getBean(HikariDataSource.class).getHikariPoolMXBean().getTotalConnections())
				.isPositive();
		});
	}

	@Test
	void manyThreadsOfTheApplicationWriteBesideTheQueue() {
		this.application.run((context) -> {
			JdbcClient jdbc = context.getBean(JdbcClient.class);
			jdbc.sql("CREATE TABLE orders (id INTEGER PRIMARY KEY, item VARCHAR(50))").update();
			PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
			TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
			ExecutorService executor = Executors.newFixedThreadPool(16);
			List<Future<?>> work = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				work.add(executor.submit(() -> {
					for (int n = 0; n < 20; n++) {
						transaction.executeWithoutResult((status) -> {
							// Reads first: the transaction would have to be upgraded.
							jdbc.sql("SELECT count(*) FROM orders").query(Long.class).single();
							jdbc.sql("INSERT INTO orders (item) VALUES ('book')").update();
							pgqrs.enqueue("emails", "hello");
						});
					}
				}));
			}
			for (Future<?> future : work) {
				future.get();
			}
			executor.shutdown();
			assertThat(jdbc.sql("SELECT count(*) FROM orders").query(Long.class).single()).isEqualTo(320);
			assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isEqualTo(320);
		});
	}

	private static void assertPreparedAndUsed(DataSource bean, PgqrsStore store) {
		assertThat(SqliteDataSources.isPrepared(bean)).isTrue();
		assertThat(store.dataSource()).isSameAs(bean);
	}

	private static String pragma(JdbcTemplate jdbc, String name) {
		return jdbc.queryForObject("PRAGMA " + name, String.class);
	}

	/** Has no properties. */
	private static final class SilentDataSource extends AbstractDataSource {

		private final String target;

		SilentDataSource(String target) {
			this.target = target;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return DriverManager.getConnection(this.target);
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return getConnection();
		}

	}

	/** As those that count statements do it. */
	private static final class Wrapper implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return (bean instanceof DataSource) ? Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { DataSource.class }, (proxy, method, arguments) -> method.invoke(bean, arguments))
					: bean;
		}

	}

}
