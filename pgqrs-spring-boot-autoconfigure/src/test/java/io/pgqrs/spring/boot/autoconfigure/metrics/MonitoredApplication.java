package io.pgqrs.spring.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import io.pgqrs.PgqrsOperations;
import io.pgqrs.annotation.PgqrsListener;
import io.pgqrs.annotation.PgqrsWorkflow;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.spring.boot.autoconfigure.Applications;
import io.pgqrs.workflow.StepOptions;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowOperations;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** An application that enqueues, whose listener starts a workflow, with the actuator. */
final class MonitoredApplication {

	private MonitoredApplication() {
	}

	static ApplicationContextRunner on(ApplicationDatabase database) {
		return Applications.on(database)
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
					ObservationAutoConfiguration.class, PgqrsMetricsAutoConfiguration.class))
			.withPropertyValues("pgqrs.metrics.interval=100ms", "pgqrs.listener.poll-interval=50ms",
					"pgqrs.workflow.poll-interval=50ms", "pgqrs.queues.orders.max-attempts=2",
					"pgqrs.queues.orders.backoff.initial=10ms", "pgqrs.queues.orders.backoff.max=10ms")
			.withBean(Orders.class)
			.withBean(Shipping.class);
	}

	/** Handles orders, which say in words what is to become of them. */
	static class Orders {

		/** Lets a handler of the order "wait" go on. */
		final Semaphore goOn = new Semaphore(0);

		final ConcurrentHashMap<String, Thread> waiting = new ConcurrentHashMap<>();

		private final WorkflowOperations workflows;

		private final PgqrsOperations pgqrs;

		Orders(WorkflowOperations workflows, PgqrsOperations pgqrs) {
			this.workflows = workflows;
			this.pgqrs = pgqrs;
		}

		void place(String order) {
			this.pgqrs.enqueue("orders", order);
		}

		@PgqrsListener(id = "desk", queues = "orders")
		void handle(String order) throws InterruptedException {
			switch (order) {
				case "fail" -> throw new IllegalStateException("no");
				case "wait" -> {
					this.waiting.put(order, Thread.currentThread());
					this.goOn.acquire();
				}
				default -> this.workflows.start("shipping").input(order).send();
			}
		}

	}

	static class Shipping {

		@PgqrsWorkflow("shipping")
		String ship(WorkflowContext ctx, String order) {
			String parcel = ctx.step("pack", String.class, () -> order + " packed");
			ctx.sleep("lorry", Duration.ofMillis(50));
			return ctx.transactionalStep("send", String.class, StepOptions.defaults(), () -> parcel + " and sent");
		}

	}

}
