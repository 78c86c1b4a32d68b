package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.pgqrs.PgqrsOperations;
import io.pgqrs.annotation.PgqrsStep;
import io.pgqrs.annotation.PgqrsWorkflow;
import io.pgqrs.workflow.StepOptions;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowOperations;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** An application with workflows. */
final class WorkflowApplication {

	private static final StepOptions QUICK = StepOptions.defaults().backoff(Duration.ofMillis(10));

	private WorkflowApplication() {
	}

	static ApplicationContextRunner on(ApplicationDatabase database, World world) {
		return Applications.withFlyway(Applications.on(database))
			.withBean(World.class, () -> world)
			.withBean(Orders.class)
			.withBean(Billing.class)
			.withBean(DataPipeline.class)
			.withBean(Ordering.class)
			.withBean(Placing.class)
			.withBean(Waiting.class);
	}

	record Order(int id, String item) {
	}

	record Receipt(int order, int charges) {
	}

	@SuppressWarnings("serial")
	static class NoLorryException extends RuntimeException {

	}

	/** What is outside of the database, and of the application. */
	static class World {

		/** The threads that executed steps of the pipeline. */
		final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();

		/** How many of the next lorries do not come. */
		final AtomicInteger lorriesMissing = new AtomicInteger();

		final AtomicInteger charges = new AtomicInteger();

		final CountDownLatch begun = new CountDownLatch(1);

		final CountDownLatch goOn = new CountDownLatch(1);

		final AtomicInteger steps = new AtomicInteger();

		void lorry() {
			if (this.lorriesMissing.getAndUpdate((missing) -> Math.max(0, missing - 1)) > 0) {
				throw new NoLorryException();
			}
		}

	}

	static class DataPipeline {

		private final World world;

		DataPipeline(World world) {
			this.world = world;
		}

		@PgqrsWorkflow("data_pipeline")
		String run(WorkflowContext ctx, String url) {
			String data = ctx.step("fetch_data", String.class, () -> fetch(url));
			int letters = ctx.step("process_data", Integer.class, data::length);
			return "Processed " + letters + " letters";
		}

		private String fetch(String url) {
			this.world.threads.add(Thread.currentThread());
			return url;
		}

	}

	static class Orders {

		private final AtomicInteger rows = new AtomicInteger(1);

		private final JdbcClient jdbc;

		private final PgqrsOperations pgqrs;

		private final WorkflowOperations workflows;

		private final World world;

		Orders(JdbcClient jdbc, PgqrsOperations pgqrs, WorkflowOperations workflows, World world) {
			this.jdbc = jdbc;
			this.pgqrs = pgqrs;
			this.workflows = workflows;
			this.world = world;
		}

		@Transactional
		void place(Order order) {
			insert(order.item());
			this.pgqrs.enqueue("emails", order);
			this.workflows.start("data_pipeline", order.item());
		}

		@Transactional
		void placeAndSend(Order order) {
			place(order);
			this.world.lorry();
		}

		private void insert(String item) {
			this.jdbc.sql("INSERT INTO orders (id, item) VALUES (?, ?)")
				.params(this.rows.incrementAndGet(), item)
				.update();
		}

	}

	static class Billing {

		private final World world;

		private final Orders orders;

		Billing(World world, Orders orders) {
			this.world = world;
			this.orders = orders;
		}

		@PgqrsStep(maxAttempts = 5, initialBackoff = "10ms")
		Receipt charge(Order order) {
			int charges = this.world.charges.incrementAndGet();
			this.world.lorry();
			return new Receipt(order.id(), charges);
		}

		@PgqrsStep(transactional = true, initialBackoff = "10ms")
		void book(Order order) {
			this.orders.place(order);
			this.world.lorry();
		}

	}

	static class Ordering {

		private final Billing billing;

		Ordering(Billing billing) {
			this.billing = billing;
		}

		@PgqrsWorkflow("charging")
		Receipt charge(Order order) {
			return this.billing.charge(order);
		}

		@PgqrsWorkflow("booking")
		void book(Order order) {
			this.billing.book(order);
		}

	}

	static class Placing {

		private final Orders orders;

		private final World world;

		Placing(Orders orders, World world) {
			this.orders = orders;
			this.world = world;
		}

		@PgqrsWorkflow("placing")
		void place(WorkflowContext ctx, Order order) {
			ctx.step("place", QUICK, () -> {
				this.orders.place(order);
				this.world.lorry();
			});
		}

		@PgqrsWorkflow("placing_once")
		void placeOnce(WorkflowContext ctx, Order order) {
			ctx.transactionalStep("place", QUICK, () -> {
				this.orders.place(order);
				this.world.lorry();
			});
		}

	}

	static class Waiting {

		private final World world;

		Waiting(World world) {
			this.world = world;
		}

		@PgqrsWorkflow("approval")
		String approve(WorkflowContext ctx) {
			ctx.sleep("night", Duration.ofMillis(50));
			return ctx.awaitSignal("approved", String.class, Duration.ofMinutes(1))
				.map((name) -> "approved by " + name)
				.orElse("not approved");
		}

		@PgqrsWorkflow("two_steps")
		String twoSteps(WorkflowContext ctx) {
			String first = ctx.step("first", String.class, () -> {
				this.world.steps.incrementAndGet();
				this.world.begun.countDown();
				this.world.goOn.await();
				return "first";
			});
			return ctx.step("second", String.class, () -> {
				this.world.steps.incrementAndGet();
				return first + ", second";
			});
		}

	}

}
