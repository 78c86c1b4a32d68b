package com.example.shop;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.workflow.PermanentStepException;
import io.pgqrs.workflow.RunQuery;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.StepInfo;
import io.pgqrs.workflow.WorkflowCancelledException;
import io.pgqrs.workflow.WorkflowFailedException;
import io.pgqrs.workflow.WorkflowHandle;
import io.pgqrs.workflow.WorkflowOperations;
import io.pgqrs.workflow.WorkflowRef;
import io.pgqrs.workflow.WorkflowRun;
import io.pgqrs.workflow.WorkflowTemplate;
import io.pgqrs.workflow.WorkflowTimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the documentation shows does what it says. Run once for each backend. */
abstract class ShopContract {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private ApplicationDatabase database;

	private ConfigurableApplicationContext context;

	private WorkflowOperations workflows;

	abstract ApplicationDatabase newDatabase();

	@BeforeEach
	void startApplication() {
		this.database = newDatabase();
		this.context = new SpringApplicationBuilder(ShopApplication.class).web(WebApplicationType.NONE)
			.run("--spring.datasource.url=" + this.database.url(), "--spring.flyway.enabled=false",
					"--spring.liquibase.enabled=false", "--pgqrs.queues.emails.visibility-timeout=30s",
					"--pgqrs.queues.emails.max-attempts=5", "--pgqrs.queues.emails.on-success=archive");
		this.context.getBean(JdbcClient.class)
			.sql("CREATE TABLE shop_orders (id BIGINT PRIMARY KEY, email VARCHAR(50) NOT NULL)")
			.update();
		this.workflows = this.context.getBean(WorkflowTemplate.class);
	}

	@AfterEach
	void stopApplication() {
		this.context.close();
		this.database.close();
	}

	@Test
	void aJobCommitsOrRollsBackWithItsOrder() throws Exception {
		Orders orders = this.context.getBean(Orders.class);
		orders.place(new Order(1, "ada@example.com"));
		assertThat(this.context.getBean(Emails.class).sent.poll(20, TimeUnit.SECONDS))
			.isEqualTo(new SendEmail("ada@example.com", "Thanks"));
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> orders.place(new Order(1, "grace@example.com")));
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(this.context.getBean(PgqrsAdmin.class).metrics("emails").archived()).isOne());
		assertThat(this.context.getBean(Emails.class).sent).isEmpty();
	}

	@Test
	void aWorkflowIsStarted() {
		WorkflowHandle<?> handle = this.workflows.start("data_pipeline", "https://example.com");
		assertThat(handle.result(PATIENCE)).isEqualTo("Processed 3 lines");
		assertThat(handle.status()).isEqualTo(RunStatus.SUCCESS);
		WorkflowRun run = this.workflows.get(handle.id());
		assertThat(run.workflow()).isEqualTo("data_pipeline");
		assertThat(run.attempt()).isOne();
		assertThat(run.input()).isEqualTo("\"https://example.com\"");
		assertThat(run.output()).isEqualTo("\"Processed 3 lines\"");
		assertThat(run.createdAt()).isBeforeOrEqualTo(run.startedAt());
		assertThat(run.startedAt()).isBeforeOrEqualTo(run.completedAt());
		List<StepInfo> steps = this.workflows.steps(handle.id());
		assertThat(steps).extracting(StepInfo::name).containsExactly("fetch_data", "process_data");
	}

	@Test
	void aWorkflowIsStartedByItsReference() {
		WorkflowRef<String, String> pipeline = WorkflowRef.of("data_pipeline", String.class, String.class);
		WorkflowHandle<String> handle = this.workflows.start(pipeline, "https://example.com");
		String result = handle.result(PATIENCE);
		assertThat(result).isEqualTo("Processed 3 lines");
	}

	@Test
	void aWorkflowIsExecutedByItsCaller() {
		String result = this.workflows.run("data_pipeline", "https://example.com", String.class);
		assertThat(result).isEqualTo("Processed 3 lines");
	}

	@Test
	void aSecondStartOfAKeyReturnsTheFirstRun() {
		WorkflowHandle<?> first = startImport();
		assertThat(startImport().id()).isEqualTo(first.id());
		Optional<WorkflowRun> run = this.workflows.find("data_pipeline", "import-42");
		assertThat(run).map(WorkflowRun::id).hasValue(first.id());
		assertThat(this.workflows.list(RunQuery.of("data_pipeline"))).hasSize(1);
		assertThat(this.workflows.result(first.id(), String.class, PATIENCE)).isEqualTo("Processed 3 lines");
	}

	private WorkflowHandle<?> startImport() {
		return this.workflows.start("data_pipeline")
			.input("https://example.com")
			.key("import-42")
			.delay(Duration.ofMillis(100))
			.priority(10)
			.timeout(Duration.ofMinutes(1))
			.send();
	}

	@Test
	void aRunWaitsWithoutAThreadAndStepsAreRemembered() {
		WorkflowHandle<Receipt> handle = this.workflows.start(WorkflowRef.of("checkout", Order.class, Receipt.class),
				new Order(2, "ada@example.com"));
		Awaitility.await().until(handle::status, RunStatus.PAUSED::equals);
		assertThatExceptionOfType(WorkflowTimeoutException.class).isThrownBy(() -> handle.result(Duration.ZERO));
		this.workflows.signal(handle.id(), "card", "4242");
		assertThat(handle.result(PATIENCE)).isEqualTo(new Receipt(2, 1));
		assertThat(this.workflows.steps(handle.id())).extracting(StepInfo::name)
			.containsExactly("card", "count_to_three", "charge", "book", "wave");
		assertThat(this.context.getBean(OrderRepository.class).ids()).containsExactly(2L);
	}

	@Test
	void aRunIsPausedResumedAndCancelled() {
		WorkflowHandle<?> handle = this.workflows.start("checkout", new Order(2, "ada@example.com"));
		Awaitility.await().until(handle::status, RunStatus.PAUSED::equals);
		assertThat(this.workflows.pause(handle.id())).isTrue();
		assertThat(this.workflows.resume(handle.id())).isTrue();
		assertThat(handle.cancel()).isTrue();
		Awaitility.await().until(handle::status, RunStatus.CANCELLED::equals);
		assertThatExceptionOfType(WorkflowCancelledException.class).isThrownBy(() -> handle.result(PATIENCE));
		assertThat(this.workflows.cancel(handle.id())).isFalse();
	}

	@Test
	void aRunThatFailedGoesOnWhereItFailed() {
		this.context.getBean(DataPipeline.class).offline = true;
		WorkflowHandle<?> handle = this.workflows.start("data_pipeline", "https://example.com");
		assertThatExceptionOfType(WorkflowFailedException.class).isThrownBy(() -> handle.result(PATIENCE))
			.withMessageContaining("https://example.com cannot be reached");
		assertThat(handle.status()).isEqualTo(RunStatus.ERROR);
		JsonNode error = JsonMapper.shared().readTree(this.workflows.get(handle.id()).error());
		assertThat(error.path("type").stringValue()).isEqualTo(PermanentStepException.class.getName());
		assertThat(error.path("message").stringValue()).isEqualTo("https://example.com cannot be reached");
		assertThat(error.path("step").stringValue()).isEqualTo("fetch_data");
		assertThat(error.path("attempts").intValue()).isOne();
		this.context.getBean(DataPipeline.class).offline = false;
		assertThat(this.workflows.retry(handle.id())).isTrue();
		assertThat(handle.result(PATIENCE)).isEqualTo("Processed 3 lines");
	}

	@Test
	void aRunHasTheStatesThatAreDocumented() {
		assertThat(RunStatus.values()).extracting(RunStatus::name)
			.containsExactlyInAnyOrder("QUEUED", "RUNNING", "PAUSED", "CANCELLING", "CANCELLED", "SUCCESS", "ERROR");
	}

}
