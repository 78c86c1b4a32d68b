package io.pgqrs.spring.boot.autoconfigure;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** An application with JPA on the same data source. */
class PgqrsJpaTests {

	private ApplicationDatabase database;

	private ApplicationContextRunner application;

	@BeforeEach
	void createDatabase() {
		this.database = ApplicationDatabase.postgres();
		this.application = Applications.on(this.database)
			.withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class))
			.withUserConfiguration(Shop.class)
			.withPropertyValues("spring.jpa.hibernate.ddl-auto=update");
	}

	@AfterEach
	void removeDatabase() {
		this.database.close();
	}

	@Test
	void theTablesOfTheEntitiesAreCreatedBesideOurs() {
		this.application.run((context) -> {
			assertThat(context).hasNotFailed();
			context.getBean(Orders.class).place(1, false);
			assertThat(orders()).isOne();
			assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isOne();
		});
		this.application.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(orders()).isOne();
		});
	}

	@Test
	void whatATransactionEnqueuesIsRolledBackWithItsEntities() {
		this.application.run((context) -> {
			context.getBean(PgqrsAdmin.class).createQueue("emails");
			assertThatIllegalStateException().isThrownBy(() -> context.getBean(Orders.class).place(1, true));
			assertThat(orders()).isZero();
			assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isZero();
		});
	}

	@Test
	void transactionalListenersUseTheTransactionManagerOfJpa() {
		this.application.run((context) -> assertThat(ReflectionTestUtils
			.getField(context.getBean(DefaultPgqrsListenerContainerFactory.class), "transactionManager"))
			.isInstanceOf(JpaTransactionManager.class));
	}

	private long orders() {
		return this.database.sql().sql("SELECT count(*) FROM jpa_orders").query(Long.class).single();
	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan(basePackageClasses = PgqrsJpaTests.class)
	static class Shop {

		@Bean
		Orders orders(PgqrsOperations pgqrs) {
			return new Orders(pgqrs);
		}

	}

	static class Orders {

		private final PgqrsOperations pgqrs;

		@PersistenceContext
		private EntityManager entities;

		Orders(PgqrsOperations pgqrs) {
			this.pgqrs = pgqrs;
		}

		@Transactional
		public void place(int id, boolean fail) {
			OrderEntity order = new OrderEntity();
			order.id = id;
			this.entities.persist(order);
			this.pgqrs.enqueue("emails", "Thanks for order " + id);
			if (fail) {
				throw new IllegalStateException("no book left");
			}
		}

	}

	@Entity
	@Table(name = "jpa_orders")
	static class OrderEntity {

		@Id
		private int id;

	}

}
