package io.pgqrs.annotation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.listener.PgqrsWorker;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.test.TestDatabase;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.StepInfo;
import io.pgqrs.workflow.WorkflowContainers;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowEngine;
import io.pgqrs.workflow.WorkflowHandle;
import io.pgqrs.workflow.WorkflowOperations;
import io.pgqrs.workflow.WorkflowTemplate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** Annotated workflows and steps from end to end. */
class AnnotatedWorkflowTests {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private final TestDatabase database = TestDatabase.sqlite();

	private final AnnotationConfigApplicationContext context = ListenerContexts.with(Map.of(), (each) -> {
		each.registerBean(TestDatabase.class, () -> this.database, (definition) -> definition.setDestroyMethodName(""));
		each.register(Infrastructure.class, Log.class, Billing.class, Fulfilment.class);
	});

	private final Log log = this.context.getBean(Log.class);

	private final WorkflowOperations workflows = this.context.getBean(WorkflowOperations.class);

	@AfterEach
	void close() {
		this.context.close();
		this.database.close();
	}

	@Test
	void aCompletedStepIsNotExecutedAgainWhenTheNextOneIsTriedAgain() {
		WorkflowHandle<String> run = this.workflows.start("fulfil").input(new Order(3)).send(String.class);
		assertThat(run.result(PATIENCE)).isEqualTo("receipt 3 shipped in 2 parcels");
		assertThat(this.log.lines()).containsExactly("charge 3", "ship receipt 3", "ship receipt 3");
		assertThat(this.workflows.steps(run.id())).extracting(StepInfo::name, StepInfo::status, StepInfo::attempts)
			.containsExactly(tuple("charge", RunStatus.SUCCESS, 1), tuple("ship", RunStatus.SUCCESS, 2));
	}

	@Test
	void whatATransactionalStepDoesHappensOnce() {
		this.database.sql("CREATE TABLE bookings (number INTEGER)").update();
		WorkflowHandle<?> run = this.workflows.start("book", 3);
		run.result(PATIENCE);
		assertThat(this.log.lines()).containsExactly("book 3", "book 3");
		assertThat(this.database.sql("SELECT number FROM bookings").query(Integer.class).list()).containsExactly(3);
	}

	record Order(int number) {
	}

	record Receipt(String text) {
	}

	static final class Log {

		private final Queue<String> lines = new ConcurrentLinkedQueue<>();

		/** Whether it is the first time. */
		boolean add(String line) {
			boolean first = !this.lines.contains(line);
			this.lines.add(line);
			return first;
		}

		List<String> lines() {
			return List.copyOf(this.lines);
		}

	}

	static class Fulfilment {

		private final Billing billing;

		Fulfilment(Billing billing) {
			this.billing = billing;
		}

		@PgqrsWorkflow("fulfil")
		String run(WorkflowContext context, Order order) {
			Receipt receipt = this.billing.charge(order);
			int parcels = this.billing.ship(receipt);
			return receipt.text() + " shipped in " + parcels + " parcels";
		}

		@PgqrsWorkflow
		void book(int number) {
			this.billing.book(number);
		}

	}

	static class Billing {

		private final @Nullable Log log;

		private final @Nullable TestDatabase database;

		Billing(@Nullable Log log, @Nullable TestDatabase database) {
			this.log = log;
			this.database = database;
		}

		@PgqrsStep
		Receipt charge(Order order) {
			this.log.add("charge " + order.number());
			return new Receipt("receipt " + order.number());
		}

		@PgqrsStep(initialBackoff = "10ms")
		int ship(Receipt receipt) {
			if (this.log.add("ship " + receipt.text())) {
				throw new IllegalStateException("No parcel service today");
			}
			return 2;
		}

		@Transactional
		@PgqrsStep(transactional = true, initialBackoff = "10ms")
		void book(int number) {
			this.database.sql("INSERT INTO bookings VALUES (:number)").param("number", number).update();
			if (this.log.add("book " + number)) {
				throw new IllegalStateException("Booked, but for nothing");
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class Infrastructure {

		@Bean
		PgqrsStore store(TestDatabase database) {
			return database.store();
		}

		@Bean
		PlatformTransactionManager transactionManager(PgqrsStore store) {
			return new DataSourceTransactionManager(store.dataSource());
		}

		@Bean
		PayloadJson json() {
			return new PayloadJson(JsonMapper.shared());
		}

		@Bean
		QueueCatalog catalog(PgqrsStore store) {
			return new QueueCatalog(store.queues(), QueueNotFoundStrategy.CREATE, List.of());
		}

		@Bean
		WakeUps wakeUps(PgqrsStore store) {
			return new WakeUps(store.wakeUps());
		}

		@Bean
		WorkflowEngine engine(PgqrsStore store, WakeUps wakeUps, PayloadJson json,
				PlatformTransactionManager transactionManager) {
			WorkflowEngine engine = new WorkflowEngine(store, wakeUps, json);
			engine.setTransactionManager(transactionManager);
			return engine;
		}

		@Bean
		WorkflowTemplate workflows(WorkflowEngine engine, QueueCatalog catalog) {
			return new WorkflowTemplate(engine, catalog);
		}

		@Bean
		DefaultPgqrsListenerContainerFactory pgqrsListenerContainerFactory(PgqrsStore store, QueueCatalog catalog,
				WakeUps wakeUps, PayloadJson json) {
			return new DefaultPgqrsListenerContainerFactory(store, catalog, wakeUps, json,
					new PgqrsWorker(store, wakeUps, "tests", Duration.ofMillis(200), Duration.ofSeconds(30)));
		}

		@Bean
		WorkflowContainers containers(WorkflowEngine engine, QueueCatalog catalog,
				PgqrsListenerEndpointRegistry endpoints, DefaultPgqrsListenerContainerFactory factory) {
			return new WorkflowContainers(engine, catalog, endpoints, factory, Map.of());
		}

	}

}
