package io.pgqrs.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.SchemaMismatchException;
import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.store.SchemaStatus.State;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Our tables beside those of the application, whatever it manages them with. Run once for
 * each backend.
 */
abstract class ApplicationDatabaseContract {

	private ApplicationDatabase database;

	abstract ApplicationDatabase newDatabase();

	/** Where our tables are, as a prefix. */
	abstract String schema();

	@BeforeEach
	void createDatabase() {
		this.database = newDatabase();
	}

	@AfterEach
	void removeDatabase() {
		this.database.close();
	}

	ApplicationDatabase database() {
		return this.database;
	}

	ApplicationContextRunner application() {
		return Applications.on(this.database);
	}

	@Test
	void anApplicationWithoutMigrationsGetsTheTables() {
		application().run(this::assertQueueWorks);
	}

	@Test
	void aSecondStartChangesNothing() {
		application().run(this::assertQueueWorks);
		application().run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isOne();
		});
		assertThat(ourMigrations()).doesNotHaveDuplicates();
	}

	@Test
	void theApplicationsFlywayMigrationsRunBesideOurs() {
		Applications.withFlyway(application()).run((context) -> {
			assertApplicationTableIsThere(context);
			assertQueueWorks(context);
			assertThat(sql("SELECT version FROM flyway_schema_history WHERE version IS NOT NULL")).containsExactly("1");
		});
	}

	@Test
	void theApplicationsLaterFlywayMigrationsRunToo() {
		Applications.withFlyway(application()).run(this::assertQueueWorks);
		Applications.withFlyway(application())
			.withPropertyValues(
					"spring.flyway.locations=classpath:application/flyway,classpath:application/flyway-later")
			.run((context) -> {
				assertApplicationTableIsThere(context);
				assertThat(sql("SELECT version FROM flyway_schema_history WHERE version IS NOT NULL ORDER BY version"))
					.containsExactly("1", "2");
				assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isOne();
			});
	}

	@Test
	void theApplicationsFlywaySwitchedOffDoesNotSwitchOffOurs() {
		Applications.withFlyway(application()).withPropertyValues("spring.flyway.enabled=false").run((context) -> {
			assertQueueWorks(context);
			assertThat(tables(context)).doesNotContain("orders", "flyway_schema_history");
		});
	}

	@Test
	void theApplicationsLiquibaseChangesRunBesideOurs() {
		Applications.withLiquibase(application()).run((context) -> {
			assertApplicationTableIsThere(context);
			assertQueueWorks(context);
			assertThat(sql("SELECT id FROM databasechangelog")).containsExactly("1");
		});
		Applications.withLiquibase(application()).run(this::assertApplicationTableIsThere);
	}

	@Test
	void theApplicationsSchemaScriptRunsBesideOurs() {
		application()
			.withPropertyValues("spring.sql.init.mode=always",
					"spring.sql.init.schema-locations=classpath:application/schema.sql")
			.run((context) -> {
				assertApplicationTableIsThere(context);
				assertQueueWorks(context);
			});
	}

	@Test
	void aDatabaseWithTablesAndNoMigrationsKeepsThem() {
		JdbcClient somebody = this.database.sql();
		somebody.sql("CREATE TABLE orders (id INTEGER PRIMARY KEY, item VARCHAR(50))").update();
		somebody.sql("INSERT INTO orders VALUES (1, 'from the application')").update();
		application().run((context) -> {
			assertApplicationTableIsThere(context);
			assertQueueWorks(context);
			assertThat(tables(context)).doesNotContain("flyway_schema_history");
		});
	}

	@Test
	void theApplicationsJdbcTemplateWaitsForOurTables() {
		application().run((context) -> {
			String[] dependencies = context.getBeanFactory().getBeanDefinition("jdbcTemplate").getDependsOn();
			assertThat(dependencies).contains("pgqrsSchemaInitializer");
			assertThat(context.getBean(JdbcTemplate.class)
				.queryForObject("SELECT count(*) FROM " + schema() + "pgqrs_queues", Long.class)).isZero();
		});
	}

	@Test
	void whatABeanEnqueuesWhenItIsMadeFindsTheTables() {
		application().withBean(Greeter.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isOne();
		});
	}

	@Test
	void validateRefusesADatabaseWithoutTheTables() {
		application().withPropertyValues("pgqrs.schema.mode=validate").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(mismatch(context)).isEqualTo(State.MISSING);
		});
		assertNothingIsInstalled();
	}

	@Test
	void validateAcceptsTheTablesThatMigrateMade() {
		application().run(this::assertQueueWorks);
		application().withPropertyValues("pgqrs.schema.mode=validate").run(this::assertQueueWorks);
	}

	@Test
	void noneLeavesTheDatabaseAlone() {
		application().withPropertyValues("pgqrs.schema.mode=none").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(tables(context)).isEmpty();
		});
		assertNothingIsInstalled();
	}

	private void assertNothingIsInstalled() {
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> sql("SELECT name FROM " + schema() + "pgqrs_queues"))
			.withMessageContaining("pgqrs_queues");
	}

	@Test
	void tablesOfANewerLibraryAreRefused() {
		application().run(this::assertQueueWorks);
		this.database.sql()
			.sql("UPDATE " + schema() + "pgqrs_schema_history SET version = '999' WHERE version = '1'")
			.update();
		for (String mode : List.of("migrate", "validate")) {
			application().withPropertyValues("pgqrs.schema.mode=" + mode).run((context) -> {
				assertThat(context).hasFailed();
				assertThat(mismatch(context)).isEqualTo(State.NEWER);
			});
		}
	}

	@Test
	void tablesWhoseHistoryWasChangedAreRefused() {
		application().run(this::assertQueueWorks);
		this.database.sql()
			.sql("UPDATE " + schema() + "pgqrs_schema_history SET checksum = 1 WHERE version = '1'")
			.update();
		for (String mode : List.of("migrate", "validate")) {
			application().withPropertyValues("pgqrs.schema.mode=" + mode).run((context) -> {
				assertThat(context).hasFailed();
				assertThat(mismatch(context)).isEqualTo(State.DIFFERENT);
			});
		}
	}

	@Test
	void severalInstancesMayStartAtOnceOnAnEmptyDatabase() throws Exception {
		int instances = 4;
		CyclicBarrier barrier = new CyclicBarrier(instances);
		ExecutorService executor = Executors.newFixedThreadPool(instances);
		try {
			List<Future<Object>> starts = new ArrayList<>();
			for (int i = 0; i < instances; i++) {
				starts.add(executor.submit(instance(barrier)));
			}
			for (Future<Object> start : starts) {
				assertThat(start.get()).isEqualTo("started");
			}
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(ourMigrations()).doesNotHaveDuplicates();
		application().run((context) -> assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready())
			.isEqualTo(instances));
	}

	private Callable<Object> instance(CyclicBarrier barrier) {
		return () -> {
			List<Object> outcome = new ArrayList<>();
			barrier.await();
			application().withPropertyValues("pgqrs.queues.emails.max-attempts=3").run((context) -> {
				if (context.getStartupFailure() != null) {
					outcome.add(context.getStartupFailure());
					return;
				}
				context.getBean(PgqrsOperations.class).enqueue("emails", "hello");
				outcome.add("started");
			});
			return outcome.get(0);
		};
	}

	@Test
	void whatATransactionEnqueuesCommitsWithItsRows() {
		Applications.withFlyway(application()).withUserConfiguration(Shop.class).run((context) -> {
			context.getBean(Orders.class).place(2, "book", false);
			assertThat(sql("SELECT item FROM orders WHERE id = 2")).containsExactly("book");
			assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isOne();
		});
	}

	@Test
	void whatATransactionEnqueuesIsRolledBackWithItsRows() {
		Applications.withFlyway(application()).withUserConfiguration(Shop.class).run((context) -> {
			context.getBean(PgqrsAdmin.class).createQueue("emails");
			assertThatIllegalStateException().isThrownBy(() -> context.getBean(Orders.class).place(2, "book", true));
			assertThat(sql("SELECT item FROM orders WHERE id = 2")).isEmpty();
			assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isZero();
		});
	}

	@Test
	void aListenerReceivesWhatATransactionCommitted() {
		Applications.withFlyway(application())
			.withUserConfiguration(Shop.class)
			.withBean(Emails.class)
			.run((context) -> {
				context.getBean(Orders.class).place(2, "book", false);
				assertThat(context.getBean(Emails.class).received.poll(10, TimeUnit.SECONDS)).isEqualTo(new Order(2));
				Awaitility.await()
					.until(() -> context.getBean(PgqrsAdmin.class).metrics("emails").archived(),
							Long.valueOf(1)::equals);
			});
	}

	@Test
	void aTransactionalListenerCommitsWithItsRowsOnce() {
		Applications.withFlyway(application())
			.withBean(Shipping.class)
			.withPropertyValues("pgqrs.listener.ack-mode=transactional", "pgqrs.queues.shipping.backoff.initial=10ms")
			.run((context) -> {
				context.getBean(PgqrsOperations.class).enqueue("shipping", new Order(2));
				Awaitility.await()
					.until(() -> context.getBean(PgqrsAdmin.class).metrics("shipping").archived(),
							Long.valueOf(1)::equals);
				assertThat(context.getBean(Shipping.class).attempts).hasValue(2);
				assertThat(sql("SELECT item FROM orders WHERE id = 2")).containsExactly("shipped at attempt 2");
			});
	}

	@Test
	void severalProcessesMayStartAtOnceOnAnEmptyDatabase() throws Exception {
		List<Process> processes = new ArrayList<>();
		try {
			for (int i = 0; i < 2; i++) {
				processes.add(StartingApplication.launch(this.database));
			}
			for (Process process : processes) {
				StartingApplication.awaitLine(process, "ready");
			}
			for (Process process : processes) {
				StartingApplication.go(process);
			}
			for (Process process : processes) {
				StartingApplication.awaitLine(process, "enqueued");
				assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
				assertThat(process.exitValue()).isZero();
			}
		}
		finally {
			processes.forEach(Process::destroyForcibly);
		}
		assertThat(ourMigrations()).doesNotHaveDuplicates();
		application()
			.run((context) -> assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isEqualTo(2));
	}

	void assertQueueWorks(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
		long id = pgqrs.enqueue("emails", "hello");
		assertThat(id).isPositive();
		assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isPositive();
	}

	void assertApplicationTableIsThere(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		assertThat(sql("SELECT item FROM orders")).containsExactly("from the application");
	}

	private List<String> sql(String sql) {
		return this.database.sql().sql(sql).query(String.class).list();
	}

	/** The tables outside of a schema of ours. */
	abstract String applicationTables();

	private List<String> tables(ApplicationContext context) {
		return context.getBean(JdbcTemplate.class).queryForList(applicationTables(), String.class);
	}

	private List<String> ourMigrations() {
		return sql("SELECT version FROM " + schema() + "pgqrs_schema_history WHERE version IS NOT NULL");
	}

	private static State mismatch(AssertableApplicationContext context) {
		Throwable cause = context.getStartupFailure();
		while (cause != null && !(cause instanceof SchemaMismatchException)) {
			cause = cause.getCause();
		}
		assertThat(cause).isInstanceOf(SchemaMismatchException.class);
		return ((SchemaMismatchException) cause).getStatus().state();
	}

	@Configuration(proxyBeanMethods = false)
	static class Shop {

		@Bean
		Orders orders(JdbcClient jdbc, PgqrsOperations pgqrs) {
			return new Orders(jdbc, pgqrs);
		}

	}

	static class Orders {

		private final JdbcClient jdbc;

		private final PgqrsOperations pgqrs;

		Orders(JdbcClient jdbc, PgqrsOperations pgqrs) {
			this.jdbc = jdbc;
			this.pgqrs = pgqrs;
		}

		@Transactional
		public void place(int id, String item, boolean fail) {
			this.jdbc.sql("INSERT INTO orders (id, item) VALUES (?, ?)").params(id, item).update();
			this.pgqrs.enqueue("emails", new Order(id));
			if (fail) {
				throw new IllegalStateException("no book left");
			}
		}

	}

	static class Greeter {

		Greeter(PgqrsOperations pgqrs) {
			pgqrs.enqueue("emails", "good morning");
		}

	}

	record Order(int id) {
	}

	static class Emails {

		private final BlockingQueue<Order> received = new LinkedBlockingQueue<>();

		@PgqrsListener("emails")
		void send(Order order) {
			this.received.add(order);
		}

	}

	static class Shipping {

		private final AtomicInteger attempts = new AtomicInteger();

		private final JdbcClient jdbc;

		Shipping(JdbcClient jdbc) {
			this.jdbc = jdbc;
		}

		@PgqrsListener("shipping")
		void ship(Order order) {
			int attempt = this.attempts.incrementAndGet();
			this.jdbc.sql("INSERT INTO orders (id, item) VALUES (?, ?)")
				.params(order.id(), "shipped at attempt " + attempt)
				.update();
			if (attempt == 1) {
				throw new IllegalStateException("no lorry");
			}
		}

	}

}
