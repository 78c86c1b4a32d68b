package io.pgqrs.spring.boot.autoconfigure.outage;

import java.util.List;
import java.util.Scanner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import io.pgqrs.PgqrsOperations;
import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.annotation.PgqrsWorkflow;
import io.pgqrs.listener.ContainerState;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowOperations;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/**
 * A process that produces and consumes without a pause, whether there is a database or
 * not. For each line of its standard input it writes one that begins with
 * {@value #REPORT}; the line {@code stop} ends the production.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = { HibernateJpaAutoConfiguration.class, FlywayAutoConfiguration.class,
		LiquibaseAutoConfiguration.class })
class OutageApplication {

	static final String REPORT = "REPORT";

	static final int CONTAINERS = 4;

	private static final long BETWEEN_MESSAGES_NANOS = 20_000_000;

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(OutageApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		ConfigurableApplicationContext context = application.run(args);
		Load load = context.getBean(Load.class);
		Thread producer = new Thread(load::produce, "producer");
		producer.setDaemon(true);
		producer.start();
		Scanner input = new Scanner(System.in);
		while (input.hasNextLine()) {
			load.producing &= !input.nextLine().equals("stop");
			System.out.println(REPORT + " " + load.report());
		}
		context.close();
	}

	@Bean
	Load load(PgqrsOperations pgqrs, WorkflowOperations workflows, PgqrsListenerEndpointRegistry containers,
			JdbcClient jdbc) {
		return new Load(pgqrs, workflows, containers, jdbc);
	}

	/** Handlers write to the database, too, and fail without it. */
	static class Load {

		private final PgqrsOperations pgqrs;

		private final WorkflowOperations workflows;

		private final PgqrsListenerEndpointRegistry containers;

		private final JdbcClient jdbc;

		private final Set<String> produced = ConcurrentHashMap.newKeySet();

		private final Set<String> consumed = ConcurrentHashMap.newKeySet();

		private volatile boolean producing = true;

		Load(PgqrsOperations pgqrs, WorkflowOperations workflows, PgqrsListenerEndpointRegistry containers,
				JdbcClient jdbc) {
			this.pgqrs = pgqrs;
			this.workflows = workflows;
			this.containers = containers;
			this.jdbc = jdbc;
		}

		void produce() {
			for (int i = 0; this.producing; i++) {
				for (String queue : List.of("mails", "bills", "parcels")) {
					String message = queue + i;
					produce(message, () -> this.pgqrs.enqueue(queue, message));
				}
				String order = "order" + i;
				produce(order, () -> this.workflows.start("order", order));
				LockSupport.parkNanos(BETWEEN_MESSAGES_NANOS);
			}
		}

		private void produce(String what, Runnable enqueue) {
			try {
				enqueue.run();
				this.produced.add(what);
			}
			catch (DataAccessException | TransactionException ex) {
				// Nobody was told that it was enqueued.
			}
		}

		@PgqrsListener(value = "mails", concurrency = "2")
		void mail(String mail) {
			consume(mail);
		}

		@PgqrsListener(value = "bills", concurrency = "2", ackMode = "transactional")
		void bill(String bill) {
			consume(bill);
		}

		@PgqrsListener(value = "parcels", batch = "true")
		void parcels(List<String> parcels) {
			parcels.forEach(this::consume);
		}

		@PgqrsWorkflow("order")
		void order(WorkflowContext context, String order) {
			context.step("pack", () -> touch());
			context.step("ship", () -> consume(order));
		}

		private void touch() {
			this.jdbc.sql("SELECT 1").query().singleValue();
		}

		private void consume(String what) {
			touch();
			this.consumed.add(what);
		}

		private String report() {
			long missing = this.produced.stream().filter((what) -> !this.consumed.contains(what)).count();
			long running = this.containers.getListenerContainers()
				.stream()
				.map(PgqrsListenerContainer::getState)
				.filter((state) -> state == ContainerState.RUNNING)
				.count();
			return this.produced.size() + " " + missing + " " + running;
		}

	}

}
