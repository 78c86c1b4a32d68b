package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.annotation.PgqrsWorkflow;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import io.pgqrs.workflow.RunQuery;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.StepInfo;
import io.pgqrs.workflow.StepOptions;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowFailedException;
import io.pgqrs.workflow.WorkflowHandle;
import io.pgqrs.workflow.WorkflowOperations;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PrePersist;
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
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

/** An application with JPA on the same data source. */
class PgqrsJpaTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

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

	@Test
	void aTransactionalStepCommitsOrRollsBackWithItsEntities() {
		this.application.withBean(Booking.class).run((context) -> {
			WorkflowOperations workflows = context.getBean(WorkflowOperations.class);
			WorkflowHandle<?> run = workflows.start("booking", 1);
			assertThat(run.result(PATIENCE)).isNull();
			// Had the first two attempts left anything, the third could not insert.
			assertThat(workflows.steps(run.id())).extracting(StepInfo::attempts).containsExactly(3);
			assertThat(orders()).isOne();
			assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isOne();
			assertThat(workflows.list(RunQuery.of("audit"))).hasSize(1);
		});
	}

	@Test
	void aTransactionalStepIsNotRecordedIfItsEntitiesCannotBeCommitted() {
		this.application.withBean(Booking.class).run((context) -> {
			this.database.sql().sql("ALTER TABLE jpa_orders ADD CONSTRAINT audited CHECK (id < 100)").update();
			context.getBean(PgqrsAdmin.class).createQueue("emails");
			WorkflowOperations workflows = context.getBean(WorkflowOperations.class);
			WorkflowHandle<?> run = workflows.start("late_booking", 100);
			assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> run.result(PATIENCE))
				.withMessageContaining("audited");
			assertThat(workflows.steps(run.id())).extracting(StepInfo::status, StepInfo::output)
				.containsExactly(tuple(RunStatus.ERROR, null));
			assertThat(orders()).isZero();
			assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isZero();
		});
	}

	@Test
	void aListenerOfAnEntityMayStartRuns() {
		this.application.run((context) -> {
			assertThat(context).hasNotFailed();
			context.getBean(Orders.class).invoice(1);
			assertThat(context.getBean(WorkflowOperations.class).list(RunQuery.of("invoicing"))).hasSize(1);
		});
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

		@Transactional
		public void invoice(int id) {
			InvoiceEntity invoice = new InvoiceEntity();
			invoice.id = id;
			this.entities.persist(invoice);
		}

	}

	static class Booking {

		private final AtomicInteger attempts = new AtomicInteger();

		private final Orders orders;

		private final WorkflowOperations workflows;

		Booking(Orders orders, WorkflowOperations workflows) {
			this.orders = orders;
			this.workflows = workflows;
		}

		@PgqrsWorkflow("booking")
		void book(WorkflowContext ctx, int id) {
			ctx.transactionalStep("book", StepOptions.defaults().backoff(Duration.ofMillis(10)), () -> {
				this.workflows.start("audit", id);
				this.orders.place(id, this.attempts.incrementAndGet() < 3);
			});
		}

		/** The entity is only flushed by the commit. */
		@PgqrsWorkflow("late_booking")
		void bookLate(WorkflowContext ctx, int id) {
			ctx.transactionalStep("book", StepOptions.defaults().maxAttempts(1), () -> this.orders.place(id, false));
		}

	}

	static class InvoiceListener {

		private final WorkflowOperations workflows;

		InvoiceListener(WorkflowOperations workflows) {
			this.workflows = workflows;
		}

		@PrePersist
		void start(InvoiceEntity invoice) {
			this.workflows.start("invoicing", invoice.id);
		}

	}

	@Entity
	@EntityListeners(InvoiceListener.class)
	@Table(name = "jpa_invoices")
	static class InvoiceEntity {

		@Id
		private int id;

	}

	@Entity
	@Table(name = "jpa_orders")
	static class OrderEntity {

		@Id
		private int id;

	}

}
