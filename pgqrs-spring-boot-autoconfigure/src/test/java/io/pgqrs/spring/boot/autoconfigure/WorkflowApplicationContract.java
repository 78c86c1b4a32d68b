package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.spring.boot.autoconfigure.WorkflowApplication.Billing;
import io.pgqrs.spring.boot.autoconfigure.WorkflowApplication.NoLorryException;
import io.pgqrs.spring.boot.autoconfigure.WorkflowApplication.Order;
import io.pgqrs.spring.boot.autoconfigure.WorkflowApplication.Orders;
import io.pgqrs.spring.boot.autoconfigure.WorkflowApplication.Receipt;
import io.pgqrs.spring.boot.autoconfigure.WorkflowApplication.World;
import io.pgqrs.workflow.RunQuery;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.StepInfo;
import io.pgqrs.workflow.WorkflowHandle;
import io.pgqrs.workflow.WorkflowNotFoundException;
import io.pgqrs.workflow.WorkflowOperations;
import io.pgqrs.workflow.WorkflowRun;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/** Workflows of an application, from start to result. Run once for each backend. */
abstract class WorkflowApplicationContract {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final World world = new World();

	private ApplicationDatabase database;

	private ApplicationContextRunner application;

	abstract ApplicationDatabase newDatabase();

	@BeforeEach
	void createDatabase() {
		this.database = newDatabase();
		this.application = WorkflowApplication.on(this.database, this.world);
	}

	@AfterEach
	void removeDatabase() {
		this.database.close();
	}

	@Test
	void aRunEndsWithTheResultOfTheWorkflow() {
		this.application.run((context) -> {
			WorkflowOperations workflows = workflows(context);
			WorkflowHandle<?> run = workflows.start("data_pipeline", "three");
			assertThat(run.result(PATIENCE)).isEqualTo("Processed 5 letters");
			assertThat(run.status()).isEqualTo(RunStatus.SUCCESS);
			assertThat(workflows.steps(run.id())).extracting(StepInfo::name, StepInfo::status, StepInfo::output)
				.containsExactly(tuple("fetch_data", RunStatus.SUCCESS, "\"three\""),
						tuple("process_data", RunStatus.SUCCESS, "5"));
			assertThat(this.world.threads.element().getName()).startsWith("pgqrs-");
		});
	}

	@Test
	void aRunMayBeExecutedByItsCaller() {
		this.application.withPropertyValues("pgqrs.workflow.auto-startup=false").run((context) -> {
			WorkflowOperations workflows = workflows(context);
			assertThat(workflows.run("data_pipeline", "three", String.class)).isEqualTo("Processed 5 letters");
			assertThat(this.world.threads).containsExactly(Thread.currentThread());
			assertThat(workflows.list(RunQuery.all())).extracting(WorkflowRun::status)
				.containsExactly(RunStatus.SUCCESS);
		});
	}

	@Test
	void anAnnotatedStepIsTriedAgainUntilItSucceeds() {
		this.application.run((context) -> {
			this.world.lorriesMissing.set(2);
			WorkflowOperations workflows = workflows(context);
			WorkflowHandle<Receipt> run = workflows.start("charging").input(new Order(7, "book")).send(Receipt.class);
			assertThat(run.result(PATIENCE)).isEqualTo(new Receipt(7, 3));
			assertThat(workflows.steps(run.id())).extracting(StepInfo::name, StepInfo::attempts)
				.containsExactly(tuple("charge", 3));
			assertThat(workflows.get(run.id()).attempt()).isOne();
		});
	}

	@Test
	void anAnnotatedStepIsAPlainCallOutsideOfAWorkflow() {
		this.application.run((context) -> {
			Billing billing = context.getBean(Billing.class);
			assertThat(billing.charge(new Order(7, "book"))).isEqualTo(new Receipt(7, 1));
			assertThat(billing.charge(new Order(7, "book"))).isEqualTo(new Receipt(7, 2));
			assertThat(workflows(context).list(RunQuery.all())).isEmpty();
		});
	}

	@Test
	void aRunThatWaitsHoldsNoThread() {
		this.application.withPropertyValues("pgqrs.workflow.overrides.approval.concurrency=1").run((context) -> {
			WorkflowOperations workflows = workflows(context);
			WorkflowHandle<?> first = workflows.start("approval", null);
			WorkflowHandle<?> second = workflows.start("approval", null);
			Awaitility.await().until(() -> hasSlept(workflows, first) && hasSlept(workflows, second));
			workflows.signal(second.id(), "approved", "Ada");
			assertThat(second.result(PATIENCE)).isEqualTo("approved by Ada");
			Awaitility.await().until(first::status, RunStatus.PAUSED::equals);
			workflows.signal(first.id(), "approved", "Grace");
			assertThat(first.result(PATIENCE)).isEqualTo("approved by Grace");
			assertThat(workflows.get(first.id()).attempt()).isOne();
		});
	}

	private static boolean hasSlept(WorkflowOperations workflows, WorkflowHandle<?> run) {
		return workflows.steps(run.id())
			.stream()
			.anyMatch((step) -> step.name().equals("night") && step.status() == RunStatus.SUCCESS);
	}

	@Test
	void aContainerDoesNotStartWhereConfigured() {
		this.application.withPropertyValues("pgqrs.workflow.overrides[data_pipeline].auto-startup=false")
			.run((context) -> {
				assertThat(container(context, "approval").isRunning()).isTrue();
				assertThat(container(context, "data_pipeline").isRunning()).isFalse();
				WorkflowHandle<?> run = workflows(context).start("data_pipeline", "three");
				assertThat(context.getBean(PgqrsAdmin.class).metrics("workflow:data_pipeline").ready()).isOne();
				container(context, "data_pipeline").start();
				assertThat(run.result(PATIENCE)).isEqualTo("Processed 5 letters");
			});
	}

	@Test
	void aContainerIsStoppedAndStartedByItsId() {
		this.application.run((context) -> {
			WorkflowOperations workflows = workflows(context);
			assertThat(workflows.start("data_pipeline", "three").result(PATIENCE)).isEqualTo("Processed 5 letters");
			container(context, "data_pipeline").stop();
			WorkflowHandle<?> run = workflows.start("data_pipeline", "four");
			assertThat(run.status()).isEqualTo(RunStatus.QUEUED);
			container(context, "data_pipeline").start();
			assertThat(run.result(PATIENCE)).isEqualTo("Processed 4 letters");
		});
	}

	@Test
	void aRunEndsAtAStepWithItsApplicationAndGoesOnInTheNext() {
		AtomicLong run = new AtomicLong();
		this.application.run((context) -> {
			run.set(workflows(context).start("two_steps", null).id());
			assertThat(this.world.begun.await(20, TimeUnit.SECONDS)).isTrue();
			PgqrsListenerContainer container = container(context, "two_steps");
			CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> close(context));
			Awaitility.await().until(() -> !container.isRunning());
			this.world.goOn.countDown();
			closed.get(20, TimeUnit.SECONDS);
			assertThat(this.world.steps).hasValue(1);
		});
		this.application.run((context) -> {
			WorkflowOperations workflows = workflows(context);
			assertThat(workflows.result(run.get(), String.class, PATIENCE)).isEqualTo("first, second");
			assertThat(this.world.steps).hasValue(2);
			assertThat(workflows.get(run.get()).attempt()).isOne();
		});
	}

	private static void close(AssertableApplicationContext context) {
		context.getSourceApplicationContext(ConfigurableApplicationContext.class).close();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void runsAreExecutedByVirtualThreadsWhereTheApplicationHasThem() {
		this.application.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			assertThat(workflows(context).start("data_pipeline", "three").result(PATIENCE))
				.isEqualTo("Processed 5 letters");
			assertThat(this.world.threads.element().toString()).startsWith("VirtualThread");
		});
	}

	@Test
	void aWorkflowIsKnownAlsoWhereUnknownQueuesAreRefused() {
		this.application.withPropertyValues("pgqrs.queue-not-found-strategy=fail", "pgqrs.queues.emails.max-attempts=5")
			.run((context) -> {
				WorkflowOperations workflows = workflows(context);
				assertThat(workflows.start("data_pipeline", "three").result(PATIENCE)).isEqualTo("Processed 5 letters");
				assertThatExceptionOfType(WorkflowNotFoundException.class)
					.isThrownBy(() -> workflows.start("data_pipelnie", "three"))
					.withMessageContaining("'data_pipelnie'")
					.withMessageContaining("pgqrs.queue-not-found-strategy is 'fail'");
				assertThat(context.getBean(PgqrsAdmin.class).queues())
					.noneMatch((queue) -> queue.name().equals("workflow:data_pipelnie"));
			});
	}

	@Test
	void aTransactionalServiceCommitsByItselfInAPlainStep() {
		this.application.run((context) -> {
			this.world.lorriesMissing.set(1);
			workflows(context).start("placing", new Order(7, "book")).result(PATIENCE);
			// What a plain step does may happen more than once.
			assertPlaced(context, "book", "book");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "placing_once", "booking" })
	void aTransactionalServiceCommitsWithATransactionalStep(String workflow) {
		this.application.run((context) -> {
			this.world.lorriesMissing.set(2);
			WorkflowOperations workflows = workflows(context);
			WorkflowHandle<?> run = workflows.start(workflow, new Order(7, "book"));
			run.result(PATIENCE);
			assertThat(workflows.steps(run.id())).extracting(StepInfo::attempts).containsExactly(3);
			assertPlaced(context, "book");
		});
	}

	@Test
	void aRunIsStartedWithTheTransactionOfItsCaller() {
		this.application.run((context) -> {
			this.world.lorriesMissing.set(1);
			Orders orders = context.getBean(Orders.class);
			assertThatExceptionOfType(NoLorryException.class)
				.isThrownBy(() -> orders.placeAndSend(new Order(7, "book")));
			assertThat(workflows(context).list(RunQuery.all())).isEmpty();
			orders.placeAndSend(new Order(8, "bookcase"));
			assertPlaced(context, "bookcase");
		});
	}

	/**
	 * Each order has its row, its message and its run, and nothing is left of any other.
	 */
	private void assertPlaced(ApplicationContext context, String... items) {
		assertThat(this.database.sql().sql("SELECT item FROM orders WHERE id > 1").query(String.class).list())
			.containsExactly(items);
		assertThat(context.getBean(PgqrsAdmin.class).metrics("emails").ready()).isEqualTo(items.length);
		assertThat(workflows(context).list(RunQuery.of("data_pipeline"))).extracting(WorkflowRun::input)
			.containsExactlyElementsOf(List.of(items).stream().map((item) -> '"' + item + '"').toList());
	}

	private static WorkflowOperations workflows(ApplicationContext context) {
		return context.getBean(WorkflowOperations.class);
	}

	private static PgqrsListenerContainer container(ApplicationContext context, String workflow) {
		return context.getBean(PgqrsListenerEndpointRegistry.class).getListenerContainer("workflow:" + workflow);
	}

}
