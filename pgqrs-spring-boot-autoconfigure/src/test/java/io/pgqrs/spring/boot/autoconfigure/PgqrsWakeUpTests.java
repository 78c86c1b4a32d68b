package io.pgqrs.spring.boot.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.pgqrs.PgqrsOperations;
import io.pgqrs.WakeUps;
import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.test.RequiresPgBouncer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.AbstractDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The connection that listens on PostgreSQL. */
@ExtendWith(OutputCaptureExtension.class)
class PgqrsWakeUpTests {

	private ApplicationDatabase database;

	private ApplicationContextRunner application;

	@BeforeEach
	void createDatabase() {
		this.database = ApplicationDatabase.postgres();
		this.application = Applications.on(this.database);
	}

	@AfterEach
	void removeDatabase() {
		this.database.close();
	}

	@Test
	void aProcessIsWokenByAnother() {
		this.application.withBean(Emails.class)
			.withPropertyValues("pgqrs.listener.poll-interval=1h")
			.run((consumer) -> {
				Awaitility.await().until(consumer.getBean(WakeUps.class)::isListening);
				this.application.run((producer) -> {
					producer.getBean(PgqrsOperations.class).enqueue("emails", "hello");
					assertThat(consumer.getBean(Emails.class).received.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
				});
			});
	}

	@Test
	void theConnectionThatListensIsNotThePools() {
		this.application.withPropertyValues("spring.datasource.hikari.maximum-pool-size=1")
			.withBean(Emails.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Awaitility.await().until(context.getBean(WakeUps.class)::isListening);
				assertThat(context.getBean(PgqrsOperations.class).enqueue("emails", "hello")).isPositive();
			});
	}

	@Test
	void theConnectionThatListensIsSetUpAsThePoolsAre() {
		this.application
			.withPropertyValues("spring.datasource.hikari.data-source-properties.ApplicationName=shop",
					"spring.datasource.hikari.connection-init-sql=SET search_path TO nowhere")
			.run((context) -> {
				DataSource direct = DataSourceDetails.of(context.getBean(DataSource.class)).withoutPool();
				assertThat(direct).isNotNull();
				try (Connection connection = direct.getConnection()) {
					assertThat(connection.getSchema()).isNull();
					assertThat(connection.getClientInfo("ApplicationName")).isEqualTo("shop");
				}
			});
	}

	@Test
	void theConnectionThatListensEndsWithTheApplication() {
		this.application.withBean(Emails.class)
			.run((context) -> Awaitility.await().until(context.getBean(WakeUps.class)::isListening));
		Awaitility.await()
			.until(() -> this.database.sql()
				.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")
				.query(Long.class)
				.single(), Long.valueOf(0)::equals);
	}

	@Test
	void aLazyDataSourceHasWakeUpsToo() {
		this.application.withPropertyValues("spring.datasource.connection-fetch=lazy")
			.withBean(Emails.class)
			.run((context) -> Awaitility.await().until(context.getBean(WakeUps.class)::isListening));
	}

	@Test
	void aProcessThatOnlyEnqueuesDoesNotListen() {
		this.application.run((context) -> {
			context.getBean(PgqrsOperations.class).enqueue("emails", "hello");
			assertThat(context.getBean(WakeUps.class).isListening()).isFalse();
			assertThat(this.database.sql()
				.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")
				.query(Long.class)
				.single()).isZero();
		});
	}

	@Test
	void wakeUpsCanBeSwitchedOff() {
		this.application
			.withPropertyValues("pgqrs.wake-up.enabled=false", "spring.datasource.hikari.maximum-pool-size=1")
			.withBean(Emails.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(PgqrsOperations.class).enqueue("emails", "hello");
				assertThat(context.getBean(Emails.class).received.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
				assertThat(context.getBean(WakeUps.class).isListening()).isFalse();
			});
	}

	@Test
	void aDataSourceThatNoneCanBeDerivedFromIsPolled(CapturedOutput output) {
		DataSource silent = new SilentDataSource(this.database.dataSource());
		this.application.withBean("dataSource", DataSource.class, () -> silent)
			.withBean(Emails.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(WakeUps.class).isListening()).isFalse();
				assertThat(output).containsOnlyOnce("No connection to listen for wake-ups can be derived from a "
						+ SilentDataSource.class.getName());
				this.application.run((producer) -> producer.getBean(PgqrsOperations.class).enqueue("emails", "hello"));
				assertThat(context.getBean(Emails.class).received.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
			});
	}

	@Test
	@RequiresPgBouncer
	void behindAPoolerOfTransactionsItPolls(CapturedOutput output) {
		try (ApplicationDatabase pooled = ApplicationDatabase.pgBouncer()) {
			Applications.on(pooled).withBean(Emails.class).run((context) -> {
				Awaitility.await()
					.untilAsserted(() -> assertThat(output)
						.containsOnlyOnce("do not arrive through a pooler in transaction mode; consumers poll"));
				assertThat(context.getBean(WakeUps.class).isListening()).isFalse();
				Applications.on(pooled)
					.run((producer) -> producer.getBean(PgqrsOperations.class).enqueue("emails", "hello"));
				assertThat(context.getBean(Emails.class).received.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
			});
		}
	}

	@Test
	void theTablesMayBeInAnotherSchema() {
		this.application.withPropertyValues("pgqrs.schema.name=shop_queue").withBean(Emails.class).run((context) -> {
			context.getBean(PgqrsOperations.class).enqueue("emails", "hello");
			assertThat(context.getBean(Emails.class).received.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
			assertThat(this.database.sql()
				.sql("SELECT schema_name FROM information_schema.schemata WHERE schema_name IN ('pgqrs', 'shop_queue')")
				.query(String.class)
				.list()).containsExactly("shop_queue");
		});
	}

	static class Emails {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		@PgqrsListener("emails")
		void send(String email) {
			this.received.add(email);
		}

	}

	/** Has no properties. */
	private static final class SilentDataSource extends AbstractDataSource {

		private final DataSource target;

		SilentDataSource(DataSource target) {
			this.target = target;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return this.target.getConnection();
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return getConnection();
		}

	}

}
