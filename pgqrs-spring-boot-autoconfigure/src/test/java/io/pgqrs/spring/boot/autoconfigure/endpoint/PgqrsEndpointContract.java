package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.pgqrs.MessageInfo;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.QueueDefinition;
import io.pgqrs.QueueMessage;
import io.pgqrs.QueueMetrics;
import io.pgqrs.listener.ContainerState;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.spring.boot.autoconfigure.endpoint.EndpointApplication.Email;
import io.pgqrs.spring.boot.autoconfigure.endpoint.EndpointApplication.Emails;
import io.pgqrs.spring.boot.autoconfigure.endpoint.EndpointApplication.Imports;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.WorkflowOperations;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Each operation over HTTP and JMX against one application that runs. Run once for each
 * backend.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PgqrsEndpointContract {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String[] OPERATOR = { "User", "ada", "Roles", "operator" };

	private ApplicationDatabase database;

	private ConfigurableApplicationContext context;

	private EndpointClient client;

	private PgqrsOperations pgqrs;

	private PgqrsAdmin admin;

	private WorkflowOperations workflows;

	abstract ApplicationDatabase newDatabase();

	abstract String product();

	@BeforeAll
	void startApplication() {
		this.database = newDatabase();
		this.context = EndpointApplication.start(this.database, WebApplicationType.SERVLET, "spring.jmx.enabled=true",
				"management.endpoints.jmx.exposure.include=pgqrs", "pgqrs.endpoint.show-payloads=when-authorized",
				"pgqrs.endpoint.roles=operator");
		this.client = new EndpointClient(this.context);
		this.pgqrs = this.context.getBean(PgqrsOperations.class);
		this.admin = this.context.getBean(PgqrsAdmin.class);
		this.workflows = this.context.getBean(WorkflowOperations.class);
	}

	@AfterAll
	void stopApplication() {
		this.context.getBean(Emails.class).slow.release(100);
		this.context.close();
		this.database.close();
	}

	@Test
	void theOverviewShowsAllAtAGlance() {
		String queue = queueWith("one", "two");
		assertRuns("mailer");
		JsonNode overview = this.client.get("/pgqrs").ok();
		assertThat(overview.at("/database/product").asString()).isEqualTo(product());
		assertThat(overview.at("/database/reachable").asBoolean()).isTrue();
		assertThat(overview.at("/database/schema/state").asString()).isEqualTo("CURRENT");
		assertThat(overview.at("/database/schema/version").asString()).isNotEmpty();
		assertThat(overview.path("wakeUp").asString()).isIn("listening", "polling");
		assertThat(Duration.parse(overview.path("sampleAge").asString())).isLessThan(Duration.ofSeconds(20));
		assertThat(texts(overview.path("listeners"), "id")).contains("mailer", "slow", "workflow:data_pipeline");
		assertThat(texts(overview.path("workflows"), "workflow")).contains("approval", "data_pipeline", "file_import");
		assertThat(overview.at("/workers/0/name").asString()).isEqualTo("shop-1");
		assertThat(Duration.parse(overview.at("/workers/0/heartbeatAge").asString())).isLessThan(PATIENCE);
		// The endpoint did not make the queue, and so shows it when the sample is old.
		this.client.post("/pgqrs/queues/" + queue, Map.of("action", "resume")).ok();
		assertThat(one(this.client.get("/pgqrs").ok().path("queues"), "queue", queue).path("ready").asInt())
			.isEqualTo(2);
	}

	@Test
	void queuesAreListed() {
		String queue = queueWith("one");
		this.client.post("/pgqrs/queues/" + queue, Map.of("action", "pause")).ok();
		JsonNode shown = one(this.client.get("/pgqrs/queues").ok().path("queues"), "queue", queue);
		assertThat(shown.path("ready").asInt()).isOne();
		assertThat(shown.path("paused").asBoolean()).isTrue();
	}

	@Test
	void aQueueIsShownWithItsMetricsConfigurationAndConsumers() {
		JsonNode emails = this.client.get("/pgqrs/queues/emails").ok();
		assertThat(emails.at("/metrics/paused").asBoolean()).isFalse();
		assertThat(emails.at("/configuration/maxAttempts").asInt()).isOne();
		assertThat(emails.at("/configuration/visibilityTimeout").asString()).isEqualTo("PT30S");
		assertThat(Instant.parse(emails.at("/configuration/createdAt").asString())).isBefore(Instant.now());
		assertThat(texts(emails.path("listeners"), "id")).containsExactly("mailer");
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(texts(this.client.get("/pgqrs/queues/emails").ok().path("workers"), "name"))
				.containsExactly("shop-1"));
		String fresh = queueWith("one");
		assertThat(this.client.get("/pgqrs/queues/" + fresh).ok().at("/metrics/ready").asInt()).isOne();
	}

	@Test
	void deadLettersAreReadPageByPage() {
		String queue = queueWithDeadLetters(5);
		List<Long> ids = new ArrayList<>();
		String path = "/pgqrs/queues/" + queue + "/dead-letters?limit=2";
		JsonNode page = this.client.get(path).ok();
		for (int pages = 0; pages < 2; pages++) {
			assertThat(page.path("deadLetters")).hasSize(2);
			page.path("deadLetters").forEach((letter) -> ids.add(letter.path("id").asLong()));
			page = this.client.get(path + "&behind=" + page.path("next").asString()).ok();
		}
		assertThat(page.path("deadLetters")).hasSize(1);
		assertThat(page.has("next")).isFalse();
		page.path("deadLetters").forEach((letter) -> ids.add(letter.path("id").asLong()));
		assertThat(ids).hasSize(5).doesNotHaveDuplicates();
		JsonNode letter = page.at("/deadLetters/0");
		assertThat(letter.at("/error/message").asString()).isEqualTo("No mailbox of that name");
		assertThat(letter.path("error").has("stackTrace")).isFalse();
		assertThat(letter.path("payload").asString()).isEqualTo("******");
	}

	@Test
	void aMessageIsFoundWhereverItIs() {
		String queue = queueWith();
		long ready = this.pgqrs.enqueue().message("text").to(queue).priority(3).header("tenant", "acme").send();
		JsonNode message = this.client.get("/pgqrs/messages/" + ready).ok();
		assertThat(message.path("queue").asString()).isEqualTo(queue);
		assertThat(message.path("state").asString()).isEqualTo("READY");
		assertThat(message.path("priority").asInt()).isEqualTo(3);
		assertThat(message.has("endedAt")).isFalse();
		QueueMessage claimed = this.pgqrs.dequeue(queue, 1).get(0);
		assertThat(state(ready)).isEqualTo("IN_FLIGHT");
		this.pgqrs.archive(claimed);
		assertThat(state(ready)).isEqualTo("ARCHIVED");
		assertThat(state(deadLetter())).isEqualTo("DEAD");
	}

	@Test
	void payloadsAreShownToWhoIsAuthorizedOnly() {
		String queue = queueWith();
		long id = this.pgqrs.enqueue()
			.message(Map.of("user", "ada", "password", "secret", "orders", List.of(Map.of("price", 1.10))))
			.to(queue)
			.header("tenant", "acme")
			.header("password", "secret")
			.send();
		String path = "/pgqrs/messages/" + id;
		for (JsonNode hidden : List.of(this.client.get(path).ok(), this.client.get(path, "User", "bob").ok(),
				this.client.get(path, "User", "bob", "Roles", "visitor").ok())) {
			assertThat(hidden.path("payload").asString()).isEqualTo("******");
			assertThat(hidden.at("/headers/tenant").asString()).isEqualTo("******");
		}
		JsonNode shown = this.client.get(path, OPERATOR).ok();
		assertThat(shown.at("/payload/user").asString()).isEqualTo("ada");
		assertThat(shown.at("/payload/orders/0/price").decimalValue()).isEqualByComparingTo("1.10");
		assertThat(shown.at("/headers/tenant").asString()).isEqualTo("acme");
		assertThat(shown.at("/payload/password").asString()).isEqualTo("******");
		assertThat(shown.at("/headers/password").asString()).isEqualTo("******");
	}

	@Test
	void whereInTheCodeAnErrorHappenedIsShownToWhoIsAuthorizedOnly() {
		String path = "/pgqrs/messages/" + deadLetter();
		assertThat(this.client.get(path).ok().path("error").has("stackTrace")).isFalse();
		assertThat(this.client.get(path, OPERATOR).ok().at("/error/stackTrace").asString()).contains("Emails.send");
	}

	@Test
	void workersAreListed() {
		Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
			JsonNode worker = this.client.get("/pgqrs/workers").ok().at("/workers/0");
			assertThat(worker.path("name").asString()).isEqualTo("shop-1");
			assertThat(worker.path("status").asString()).isEqualTo("running");
			assertThat(worker.path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
			assertThat(worker.path("queues")).extracting(JsonNode::asString).contains("emails");
		});
	}

	@Test
	void listenersAreShownWithTheirOptions() {
		assertThat(texts(this.client.get("/pgqrs/listeners").ok().path("listeners"), "id")).containsExactly("mailer",
				"slow", "workflow:approval", "workflow:data_pipeline", "workflow:file_import");
		JsonNode listener = this.client.get("/pgqrs/listeners/slow").ok();
		assertThat(listener.path("queues")).extracting(JsonNode::asString).containsExactly("slow");
		assertThat(listener.at("/options/pollInterval").asString()).isEqualTo("PT1S");
		assertThat(listener.at("/options/ackMode").asString()).isEqualTo("ON_SUCCESS");
		assertThat(this.client.get("/pgqrs/listeners/workflow:approval").ok().path("id").asString())
			.isEqualTo("workflow:approval");
	}

	@Test
	void workflowsAreShownWithTheirRuns() {
		List<Long> failed = Stream.generate(this::failedRun).limit(3).toList();
		JsonNode all = this.client.get("/pgqrs/workflows").ok().path("workflows");
		assertThat(one(all, "workflow", "file_import").path("implemented").asBoolean()).isTrue();
		assertThat(one(all, "workflow", "approval").at("/runs/ERROR").asInt()).isZero();
		String path = "/pgqrs/workflows/file_import?status=error,cancelled&limit=2";
		JsonNode page = this.client.get(path).ok();
		assertThat(page.at("/counts/ERROR").asInt()).isGreaterThanOrEqualTo(3);
		assertThat(page.path("runs")).extracting((run) -> run.path("id").asLong())
			.containsExactly(failed.get(2), failed.get(1));
		JsonNode run = page.at("/runs/0");
		assertThat(run.path("status").asString()).isEqualTo("ERROR");
		assertThat(run.at("/error/message").asString()).isEqualTo("The file is not there");
		assertThat(run.at("/error/step").asString()).isEqualTo("read_file");
		assertThat(Duration.parse(run.path("duration").asString())).isLessThan(PATIENCE);
		page = this.client.get(path + "&behind=" + page.path("next").asString()).ok();
		assertThat(page.at("/runs/0/id").asLong()).isEqualTo(failed.get(0));
	}

	@Test
	void aWorkflowThatOnlyOtherProcessesImplementIsShown() {
		long run = this.workflows.start("elsewhere", null).id();
		JsonNode workflow = this.client.get("/pgqrs/workflows/elsewhere").ok();
		assertThat(workflow.path("implemented").asBoolean()).isFalse();
		assertThat(workflow.at("/runs/0/id").asLong()).isEqualTo(run);
	}

	@Test
	void aRunIsShownWithItsSteps() {
		long id = this.workflows.start("data_pipeline", "three").id();
		awaitStatus(id, RunStatus.SUCCESS);
		JsonNode run = this.client.get("/pgqrs/runs/" + id).ok();
		assertThat(run.path("workflow").asString()).isEqualTo("data_pipeline");
		assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
		assertThat(run.path("input").asString()).isEqualTo("******");
		assertThat(run.path("output").asString()).isEqualTo("******");
		JsonNode step = run.at("/steps/0");
		assertThat(step.path("name").asString()).isEqualTo("count");
		assertThat(step.path("attempts").asInt()).isOne();
		assertThat(step.path("output").asString()).isEqualTo("******");
		assertThat(Duration.parse(step.path("duration").asString())).isLessThan(PATIENCE);
		JsonNode shown = this.client.get("/pgqrs/runs/" + id, OPERATOR).ok();
		assertThat(shown.path("input").asString()).isEqualTo("three");
		assertThat(shown.path("output").asString()).isEqualTo("5 letters");
		assertThat(shown.at("/steps/0/output").asInt()).isEqualTo(5);
	}

	@Test
	void aQueueIsPausedAndResumed() {
		String queue = queueWith();
		String path = "/pgqrs/queues/" + queue;
		JsonNode answer = this.client.post(path, Map.of("action", "pause")).ok();
		assertThat(answer.path("queue").asString()).isEqualTo(queue);
		assertThat(answer.path("action").asString()).isEqualTo("pause");
		assertThat(this.admin.metrics(queue).paused()).isTrue();
		this.client.post(path, Map.of("action", "resume")).ok();
		assertThat(this.admin.metrics(queue).paused()).isFalse();
	}

	@Test
	void aQueueIsPurged() {
		String queue = queueWith("one", "two");
		JsonNode answer = this.client.post("/pgqrs/queues/" + queue, Map.of("action", "purge")).ok();
		assertThat(answer.path("messages").asInt()).isEqualTo(2);
		assertThat(this.admin.metrics(queue).ready()).isZero();
	}

	@Test
	void allDeadLettersOfAQueueAreReplayed() {
		String queue = queueWithDeadLetters(3);
		JsonNode answer = this.client.post("/pgqrs/queues/" + queue, Map.of("action", "replay")).ok();
		assertThat(answer.path("messages").asInt()).isEqualTo(3);
		assertThat(this.admin.metrics(queue)).extracting(QueueMetrics::ready, QueueMetrics::dead)
			.containsExactly(3L, 0L);
	}

	@Test
	void allDeadLettersOfAQueueAreDeleted() {
		String queue = queueWithDeadLetters(2);
		JsonNode answer = this.client.post("/pgqrs/queues/" + queue, Map.of("action", "purge-dead-letters")).ok();
		assertThat(answer.path("messages").asInt()).isEqualTo(2);
		assertThat(this.admin.metrics(queue).dead()).isZero();
	}

	@Test
	void oneDeadLetterIsReplayed() {
		String queue = queueWithDeadLetters(1);
		long id = this.admin.deadLetters(queue, 1).get(0).id();
		JsonNode answer = this.client.post("/pgqrs/messages/" + id, Map.of("action", "replay")).ok();
		assertThat(answer.path("message").asLong()).isEqualTo(id);
		assertThat(answer.path("queue").asString()).isEqualTo(queue);
		assertThat(this.admin.message(id)).get().extracting(MessageInfo::state).isEqualTo(MessageInfo.State.READY);
	}

	@Test
	void whatCannotBeReplayedIsRefusedWithTheReason() {
		String queue = queueWith();
		long pending = this.pgqrs.enqueue().message("text").to(queue).deduplicationKey("order-42").send();
		this.client.post("/pgqrs/messages/" + pending, Map.of("action", "replay"))
			.isError(400, "is READY", "Only a dead letter");
		this.pgqrs.dequeue().from(queue).batch(1).handle((message) -> {
			throw new IllegalStateException();
		});
		assertThat(state(pending)).isEqualTo("DEAD");
		this.pgqrs.enqueue().message("text").to(queue).deduplicationKey("order-42").send();
		this.client.post("/pgqrs/messages/" + pending, Map.of("action", "replay"))
			.isError(400, "stays a dead letter", queue, "deduplication key");
		this.client.post("/pgqrs/messages/" + pending, Map.of("action", "delete")).isError(400, "'delete'", "replay");
		this.client.post("/pgqrs/messages/987654321", Map.of("action", "replay")).isError(404, "no message 987654321");
	}

	@Test
	void aListenerIsPausedStoppedAndStarted() {
		String path = "/pgqrs/listeners/mailer";
		assertThat(listenerAction(path, "pause")).isEqualTo("PAUSED");
		assertThat(this.client.get(path).ok().path("paused").asBoolean()).isTrue();
		assertThat(listenerAction(path, "resume")).isEqualTo("RUNNING");
		assertThat(listenerAction(path, "stop")).isEqualTo("STOPPED");
		assertThat(listenerAction(path, "stop")).isEqualTo("STOPPED");
		assertThat(listenerAction(path, "start")).isEqualTo("RUNNING");
		this.client.post(path, Map.of("action", "restart")).isError(400, "'restart'", "start, stop, pause, resume");
		this.client.post("/pgqrs/listeners/mialer", Map.of("action", "start")).isError(404, "'mialer'", "mailer");
	}

	@Test
	void aStopDoesNotWaitForHandlers() throws InterruptedException {
		Emails emails = this.context.getBean(Emails.class);
		this.pgqrs.enqueue("slow", "text");
		emails.slowBegun.await();
		assertThat(listenerAction("/pgqrs/listeners/slow", "stop")).isEqualTo("STOPPED");
		assertThat(emails.slow.hasQueuedThreads()).isTrue();
		emails.slow.release();
		assertThat(listenerAction("/pgqrs/listeners/slow", "start")).isEqualTo("RUNNING");
	}

	@Test
	void aRunIsPausedResumedSignalledAndCancelled() {
		long id = waitingRun();
		String path = "/pgqrs/runs/" + id;
		this.client.post(path, Map.of("action", "resume"))
			.isError(400, "is PAUSED. It sleeps or waits for a signal", "was not paused by anybody");
		assertThat(runAction(path, "pause")).isEqualTo("PAUSED");
		this.client.post(path, Map.of("action", "pause")).isError(400, "is PAUSED", "not paused");
		runAction(path, "resume");
		this.client.post(path, Map.of("action", "retry")).isError(400, "Only a run that ended with ERROR");
		this.client.post(path, Map.of("action", "signal")).isError(400, "\"signal\"");
		this.client.post(path, Map.of("action", "signal", "signal", "approved", "payload", "Ada"))
			.isError(400, "'payload' must be JSON text");
		JsonNode answer = this.client.post(path, Map.of("action", "signal", "signal", "approved", "payload", "\"Ada\""))
			.ok();
		assertThat(answer.path("run").asLong()).isEqualTo(id);
		assertThat(this.workflows.result(id, String.class, PATIENCE)).isEqualTo("Ada");
		this.client.post(path, Map.of("action", "cancel")).isError(400, "is SUCCESS", "has ended");
		this.client.post(path, Map.of("action", "signal", "signal", "approved")).isError(400, "has ended");
		assertThat(runAction("/pgqrs/runs/" + waitingRun(), "cancel")).isEqualTo("CANCELLED");
	}

	@Test
	void aFailedRunIsRetried() {
		long id = failedRun();
		Imports imports = this.context.getBean(Imports.class);
		imports.fileIsThere.set(true);
		try {
			runAction("/pgqrs/runs/" + id, "retry");
			awaitStatus(id, RunStatus.SUCCESS);
		}
		finally {
			imports.fileIsThere.set(false);
		}
	}

	@Test
	void wrongNamesAreNotFound() {
		this.client.get("/pgqrs/queues/emial").isError(404, "Queue 'emial' does not exist");
		this.client.get("/pgqrs/queues/emial/dead-letters").isError(404, "Queue 'emial' does not exist");
		this.client.get("/pgqrs/messages/987654321").isError(404, "There is no message 987654321");
		this.client.get("/pgqrs/listeners/mialer").isError(404, "no listener 'mialer'");
		this.client.get("/pgqrs/workflows/data_pipline").isError(404, "'data_pipline' is not known");
		this.client.get("/pgqrs/runs/987654321").isError(404, "There is no run 987654321");
		this.client.get("/pgqrs/jobs").isError(404, "There is no 'jobs' here", "queues");
		this.client.get("/pgqrs/jobs/1").isError(404, "There is no 'jobs' here");
		this.client.get("/pgqrs/queues/emails/messages").isError(404, "queues/{name}/dead-letters");
		this.client.post("/pgqrs/queues/emial", Map.of("action", "purge")).isError(404, "Queue 'emial'");
		this.client.post("/pgqrs/runs/987654321", Map.of("action", "cancel")).isError(404, "no run 987654321");
		this.client.post("/pgqrs/jobs/1", Map.of("action", "cancel")).isError(404, "There is no 'jobs' here");
	}

	@Test
	void wrongValuesAreRefusedWithTheReason() {
		this.client.get("/pgqrs/messages/first").isError(400, "'first' is not the id of a message");
		this.client.get("/pgqrs/runs/first").isError(400, "'first' is not the id of a run");
		this.client.get("/pgqrs/queues/emails/dead-letters?limit=0").isError(400, "'limit'", "'0'");
		this.client.get("/pgqrs/queues/emails/dead-letters?limit=many").isError(400, "'limit'", "'many'");
		this.client.get("/pgqrs/queues/emails/dead-letters?behind=12").isError(400, "'12' is no position");
		this.client.get("/pgqrs/workflows/approval?status=failed").isError(400, "'failed' is no status", "ERROR");
		this.client.get("/pgqrs/workflows/approval?behind=last").isError(400, "'last' is not the id of a run");
		this.client.post("/pgqrs/queues/emails", "{}").isError(400, "\"action\"", "pause, resume, purge");
		this.client.post("/pgqrs/queues/emails", Map.of("action", "drop")).isError(400, "'drop'", "pause");
		this.client.post("/pgqrs/queues/workflow:approval", Map.of("action", "purge"))
			.isError(400, "carries the runs of a workflow");
		this.client.post("/pgqrs/runs/1x", Map.of("action", "cancel")).isError(400, "'1x' is not the id of a run");
	}

	@Test
	void jmxHasEachOperationByItsName() throws JMException {
		String queue = queueWithDeadLetters(2);
		long dead = this.admin.deadLetters(queue, 1).get(0).id();
		assertThat(names()).containsExactlyInAnyOrder("overview", "queues", "queue", "deadLetters", "message",
				"workers", "listeners", "listener", "workflows", "workflow", "run", "pauseQueue", "resumeQueue",
				"purgeQueue", "replayDeadLetters", "purgeDeadLetters", "replayMessage", "startListener", "stopListener",
				"pauseListener", "resumeListener", "cancelRun", "pauseRun", "resumeRun", "retryRun", "signalRun");
		assertThat(invoke("overview")).containsKeys("database", "queues", "workers", "listeners");
		assertThat(invoke("queues")).containsKey("queues");
		assertThat(invoke("queue", queue)).containsKey("configuration");
		assertThat(invoke("deadLetters", queue, "1", null)).containsKey("next");
		// Who gets here counts as authorized.
		assertThat(String.valueOf(invoke("message", dead))).contains("state=DEAD", "payload=text");
		assertThat(invoke("workers")).containsKey("workers");
		assertThat(invoke("listeners")).containsKey("listeners");
		assertThat(String.valueOf(invoke("listener", "slow"))).contains("pollInterval=PT1S");
		assertThat(invoke("workflows")).containsKey("workflows");
		assertThat(invoke("workflow", "approval", "PAUSED", null, null)).containsKey("runs");
		assertThat(invoke("replayMessage", dead)).containsEntry("queue", queue);
		assertThat(invoke("pauseQueue", queue)).containsEntry("action", "pause");
		assertThat(invoke("resumeQueue", queue)).containsEntry("action", "resume");
		assertThat(invoke("purgeQueue", queue)).containsEntry("messages", 1);
		assertThat(invoke("replayDeadLetters", queue)).containsEntry("messages", 1);
		assertThat(invoke("purgeDeadLetters", queue)).containsEntry("messages", 0);
		assertThat(invoke("pauseListener", "mailer")).containsEntry("state", "PAUSED");
		assertThat(invoke("resumeListener", "mailer")).containsEntry("state", "RUNNING");
		assertThat(invoke("stopListener", "mailer")).containsEntry("state", "STOPPED");
		assertThat(invoke("startListener", "mailer")).containsEntry("state", "RUNNING");
		long run = waitingRun();
		assertThat(invoke("run", run)).containsEntry("workflow", "approval");
		assertThat(invoke("pauseRun", run)).containsEntry("status", "PAUSED");
		assertThat(invoke("resumeRun", run)).containsEntry("action", "resume");
		invoke("signalRun", run, "approved", "\"Ada\"");
		assertThat(this.workflows.result(run, String.class, PATIENCE)).isEqualTo("Ada");
		assertThat(invoke("cancelRun", waitingRun())).containsEntry("status", "CANCELLED");
		assertThat(invoke("retryRun", failedRun())).containsEntry("action", "retry");
		assertThatExceptionOfType(MBeanException.class).isThrownBy(() -> invoke("queue", "emial"))
			.withMessageContaining("Queue 'emial' does not exist");
		assertThatExceptionOfType(MBeanException.class).isThrownBy(() -> invoke("cancelRun", run))
			.withMessageContaining("has ended");
	}

	private static List<String> names() throws JMException {
		return Stream.of(server().getMBeanInfo(objectName()).getOperations()).map(MBeanOperationInfo::getName).toList();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> invoke(String operation, Object... arguments) throws JMException {
		String[] signature = Stream.of(arguments)
			.map((argument) -> (argument instanceof Long) ? Long.class.getName() : String.class.getName())
			.toArray(String[]::new);
		return (Map<String, Object>) server().invoke(objectName(), operation, arguments, signature);
	}

	private static MBeanServer server() {
		return ManagementFactory.getPlatformMBeanServer();
	}

	private static ObjectName objectName() throws JMException {
		return new ObjectName("org.springframework.boot:type=Endpoint,name=Pgqrs");
	}

	private String queueWith(Object... payloads) {
		String queue = "queue-" + UUID.randomUUID();
		this.admin.createQueue(QueueDefinition.named(queue).maxAttempts(1));
		if (payloads.length > 0) {
			this.pgqrs.enqueueAll(queue, List.of(payloads));
		}
		return queue;
	}

	private String queueWithDeadLetters(int count) {
		String queue = queueWith(Stream.generate(() -> "text").limit(count).toArray());
		this.pgqrs.dequeue().from(queue).batch(count).handle((message) -> {
			throw new IllegalStateException("No mailbox of that name");
		});
		assertThat(this.admin.metrics(queue).dead()).isEqualTo(count);
		return queue;
	}

	private long deadLetter() {
		assertRuns("mailer");
		long id = this.pgqrs.enqueue("emails", new Email("", "Thanks"));
		Awaitility.await().atMost(PATIENCE).until(() -> state(id).equals("DEAD"));
		return id;
	}

	private long failedRun() {
		long id = this.workflows.start("file_import", null).id();
		awaitStatus(id, RunStatus.ERROR);
		return id;
	}

	private long waitingRun() {
		long id = this.workflows.start("approval", null).id();
		awaitStatus(id, RunStatus.PAUSED);
		return id;
	}

	private void awaitStatus(long run, RunStatus status) {
		Awaitility.await().atMost(PATIENCE).until(() -> this.workflows.get(run).status() == status);
	}

	private void assertRuns(String listener) {
		assertThat(this.context.getBean(PgqrsListenerEndpointRegistry.class).getListenerContainer(listener).getState())
			.isEqualTo(ContainerState.RUNNING);
	}

	private String state(long message) {
		return this.client.get("/pgqrs/messages/" + message).ok().path("state").asString();
	}

	private String listenerAction(String path, String action) {
		return this.client.post(path, Map.of("action", action)).ok().path("state").asString();
	}

	private String runAction(String path, String action) {
		return this.client.post(path, Map.of("action", action)).ok().path("status").asString();
	}

	private static List<String> texts(JsonNode list, String field) {
		return list.valueStream().map((element) -> element.path(field).asString()).toList();
	}

	private static JsonNode one(JsonNode list, String field, String value) {
		return list.valueStream()
			.filter((element) -> element.path(field).asString().equals(value))
			.findFirst()
			.orElseThrow();
	}

}
