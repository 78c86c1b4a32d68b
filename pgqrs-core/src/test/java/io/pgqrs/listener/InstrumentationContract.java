package io.pgqrs.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import io.micrometer.observation.Observation;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueDefinition;
import io.pgqrs.QueueMessage;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.store.Claim;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.store.WorkerRecord.Registration;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.test.RecordingInstrumentation;
import io.pgqrs.test.TestDatabase;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What templates and containers report, on each backend. */
abstract class InstrumentationContract {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private static final String HEADER = RecordingInstrumentation.HEADER;

	private final RecordingInstrumentation recorded = new RecordingInstrumentation();

	private final List<PgqrsListenerContainer> containers = new ArrayList<>();

	private final Queue<Object> handled = new ConcurrentLinkedQueue<>();

	private TestDatabase database;

	private PgqrsStore store;

	private QueueCatalog catalog;

	private WakeUps wakeUps;

	private PgqrsTemplate pgqrs;

	private PgqrsAdmin admin;

	private PgqrsWorker worker;

	private DefaultPgqrsListenerContainerFactory factory;

	abstract TestDatabase createDatabase();

	@BeforeEach
	void open() {
		this.database = createDatabase();
		this.store = this.database.store();
		this.catalog = new QueueCatalog(this.store.queues(), QueueNotFoundStrategy.CREATE, List
			.of(QueueDefinition.named("jobs").maxAttempts(2).backoff(Duration.ofMillis(10), 1, Duration.ofMillis(10))));
		this.catalog.saveDefinitions();
		this.wakeUps = new WakeUps(WakeUpTransport.none());
		PayloadJson json = new PayloadJson(JsonMapper.shared());
		this.pgqrs = new PgqrsTemplate(this.store, this.catalog, this.wakeUps, json);
		this.pgqrs.setInstrumentation(this.recorded.instrumentation());
		this.admin = new PgqrsAdmin(this.store, this.catalog, this.wakeUps);
		this.admin.setInstrumentation(this.recorded.instrumentation());
		this.worker = new PgqrsWorker(this.store, this.wakeUps, "tests", Duration.ofMillis(100), Duration.ofSeconds(1));
		this.worker.setInstrumentation(this.recorded.instrumentation());
		this.factory = new DefaultPgqrsListenerContainerFactory(this.store, this.catalog, this.wakeUps, json,
				this.worker);
		this.factory.setInstrumentation(this.recorded.instrumentation());
	}

	@AfterEach
	void close() {
		this.containers.forEach(PgqrsListenerContainer::stop);
		this.wakeUps.close();
		this.database.close();
	}

	@Test
	void anEnqueueGivesItsTraceToTheMessage() {
		Observation caller = Observation.start("caller", this.recorded.registry());
		caller.scoped(() -> this.pgqrs.enqueue()
			.message("x")
			.to("jobs")
			.header("tenant", "a")
			.header(HEADER, "the caller's own")
			.send());
		caller.stop();
		String trace = RecordingInstrumentation.trace(caller.getContextView());
		assertThat(this.pgqrs.dequeue("jobs", 1).get(0).headers())
			.containsExactlyInAnyOrderEntriesOf(Map.of("tenant", "a", HEADER, trace));
		assertThat(this.recorded.observations("pgqrs.enqueue")).singleElement().satisfies((context) -> {
			assertThat(RecordingInstrumentation.tag(context, "queue")).isEqualTo("jobs");
			assertThat(context.getError()).isNull();
		});
	}

	@Test
	void manyMessagesAreEnqueuedInOneObservation() {
		this.pgqrs.enqueueAll("jobs", IntStream.range(0, 1_500).boxed().toList());
		assertThat(this.recorded.observations("pgqrs.enqueue")).singleElement()
			.satisfies((context) -> assertThat(context.getHighCardinalityKeyValue("pgqrs.message.count").getValue())
				.isEqualTo("1500"));
		assertThat(this.pgqrs.dequeue("jobs", 2_000)).hasSize(1_500)
			.extracting(QueueMessage::headers)
			.containsOnly(Map.of(HEADER, "trace 1"));
	}

	@Test
	void anEnqueueThatFailsIsAnError() {
		PgqrsTemplate strict = new PgqrsTemplate(this.store,
				new QueueCatalog(this.store.queues(), QueueNotFoundStrategy.FAIL, List.of()), this.wakeUps,
				new PayloadJson(JsonMapper.shared()));
		strict.setInstrumentation(this.recorded.instrumentation());
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> strict.enqueue("nowhere", 1));
		assertThat(this.recorded.observations("pgqrs.enqueue")).singleElement()
			.satisfies((context) -> assertThat(context.getError()).isNotNull());
	}

	@Test
	void whereNobodyObservesMessagesHaveNoHeaders() {
		new PgqrsTemplate(this.store, this.catalog, this.wakeUps, new PayloadJson(JsonMapper.shared())).enqueue("jobs",
				1);
		assertThat(this.pgqrs.dequeue("jobs", 1).get(0).headers()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(AckMode.class)
	void aHandlerGoesOnWithTheTraceOfItsMessage(AckMode ackMode) {
		start(options().ackMode(ackMode), (messages, acknowledgment) -> {
			Observation current = this.recorded.registry().getCurrentObservation();
			this.handled.add(current.getContextView().getName());
			this.handled.add(RecordingInstrumentation.trace(current.getContextView()));
			if (ackMode == AckMode.MANUAL) {
				acknowledgment.acknowledge();
			}
		});
		this.pgqrs.enqueue("jobs", "x");
		awaitHandled(1);
		String trace = RecordingInstrumentation.trace(this.recorded.observations("pgqrs.enqueue").get(0));
		assertThat(this.handled).containsExactly("pgqrs.handle", trace);
		Observation.Context context = this.recorded.observations("pgqrs.handle").get(0);
		assertThat(RecordingInstrumentation.tag(context, "queue")).isEqualTo("jobs");
		assertThat(RecordingInstrumentation.tag(context, "listener")).isEqualTo("l");
		assertThat(context.getError()).isNull();
		await(() -> assertThat(this.admin.metrics("jobs").archived()).isOne());
	}

	@ParameterizedTest
	@EnumSource(AckMode.class)
	void aFailureIsAnErrorOfEachAttemptAndItsRetriesStayInTheTrace(AckMode ackMode) {
		IllegalStateException failure = new IllegalStateException("no");
		start(options().ackMode(ackMode), (messages, acknowledgment) -> {
			throw failure;
		});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.admin.metrics("jobs").dead()).isOne());
		awaitHandled(2);
		assertThat(this.recorded.observations("pgqrs.handle")).allSatisfy((context) -> {
			assertThat(context.getError()).isSameAs(failure);
			assertThat(RecordingInstrumentation.trace(context)).isEqualTo("trace 1");
		});
		assertThat(this.recorded.count("retried jobs")).isOne();
		assertThat(this.recorded.count("dead-lettered jobs")).isOne();
		assertThat(this.recorded.count("lost jobs")).isZero();
		assertThat(this.admin.deadLetters("jobs", 1).get(0).headers()).containsEntry(HEADER, "trace 1");
	}

	@Test
	void aBatchGoesOnWithATraceIfItIsThatOfAllMessages() {
		this.pgqrs.enqueueAll("jobs", List.of(1, 2, 3));
		start(options().batch(true), (messages, acknowledgment) -> {
		});
		awaitHandled(1);
		assertThat(this.recorded.observations("pgqrs.handle")).extracting(RecordingInstrumentation::trace)
			.containsExactly("trace 1");
	}

	@Test
	void aBatchOfSeveralTracesBeginsOne() {
		this.pgqrs.enqueue("jobs", 1);
		this.pgqrs.enqueue("jobs", 2);
		start(options().batch(true), (messages, acknowledgment) -> {
		});
		awaitHandled(1);
		assertThat(this.recorded.observations("pgqrs.handle")).extracting(RecordingInstrumentation::trace)
			.containsExactly("trace 3");
	}

	@Test
	void handlingWithoutAListenerIsObservedToo() {
		this.pgqrs.enqueueAll("jobs", List.of(1, 2));
		this.pgqrs.dequeue().from("jobs").batch(2).handle((message) -> {
			if (message.payload(Integer.class) == 2) {
				throw new IllegalStateException("no");
			}
		});
		assertThat(this.recorded.observations("pgqrs.handle"))
			.extracting((context) -> RecordingInstrumentation.tag(context, "listener"))
			.containsExactly("none", "none");
		assertThat(this.recorded.observations("pgqrs.handle")).filteredOn((context) -> context.getError() != null)
			.hasSize(1);
		assertThat(this.recorded.count("retried jobs")).isOne();
		assertThat(this.recorded.count("delivered jobs")).isEqualTo(2);
	}

	@Test
	void aMessageThatCannotBeReadIsAnErrorAndADeadLetter() {
		start(options(), (messages, acknowledgment) -> {
			throw new UnreadableMessagesException(Map.of(messages.get(0), new IllegalArgumentException("bad")));
		});
		this.pgqrs.enqueue("jobs", "x");
		awaitHandled(1);
		assertThat(this.recorded.observations("pgqrs.handle").get(0).getError())
			.isInstanceOf(UnreadableMessagesException.class);
		assertThat(this.recorded.count("dead-lettered jobs")).isOne();
		assertThat(this.recorded.count("retried jobs")).isZero();
	}

	@Test
	void messagesThatLostEachLeaseAreCountedAsDead() {
		this.pgqrs.enqueueAll("jobs", List.of(1, 2));
		for (int i = 0; i < 2; i++) {
			this.pgqrs.dequeue("jobs", 2);
			this.database.elapse(Duration.ofHours(1));
		}
		this.pgqrs.enqueue("jobs", 3);
		start(options(), (messages, acknowledgment) -> this.handled.add(messages.get(0).id()));
		await(() -> assertThat(this.recorded.count("dead-lettered jobs")).isEqualTo(2));
		assertThat(this.admin.metrics("jobs").dead()).isEqualTo(2);
	}

	@Test
	void aDelayIsCountedFromWhenTheMessageWasDueByTheClockOfTheDatabase() {
		this.pgqrs.enqueue().message("x").to("jobs").delay(Duration.ofMinutes(10)).send();
		this.database.elapse(Duration.ofMinutes(13));
		start(options(), (messages, acknowledgment) -> {
		});
		awaitHandled(1);
		assertThat(this.recorded.delays()).singleElement()
			.satisfies((delay) -> assertThat(delay).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(4)));
	}

	@Test
	void aDelayIncludesTheWaitForAHandler() {
		this.pgqrs.enqueueAll("jobs", List.of(1, 2));
		this.pgqrs.dequeue()
			.from("jobs")
			.batch(2)
			.handle((message) -> Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> true));
		assertThat(this.recorded.delays().get(0)).isLessThan(this.recorded.delays().get(1));
		assertThat(this.recorded.delays().get(1)).isGreaterThan(Duration.ofMillis(300));
	}

	@ParameterizedTest
	@EnumSource(names = { "ON_SUCCESS", "TRANSACTIONAL" })
	void aLeaseThatWasLostIsCountedOnce(AckMode ackMode) {
		start(options().ackMode(ackMode).pollInterval(Duration.ofMinutes(1)), (messages, acknowledgment) -> {
			takeOver(messages.get(0));
			this.handled.add(messages.get(0).attempt());
		});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.recorded.count("lost jobs")).isOne());
		awaitHandled(1);
		stop();
		assertThat(this.recorded.count("lost jobs")).isOne();
		assertThat(this.recorded.count("retried jobs")).isZero();
	}

	@Test
	void aLeaseThatIsFoundLostWhileTheHandlerRunsIsCountedOnce() {
		CountDownLatch found = new CountDownLatch(1);
		start(options().visibilityTimeout(Duration.ofMillis(300)).pollInterval(Duration.ofMinutes(1)),
				(messages, acknowledgment) -> {
					takeOver(messages.get(0));
					found.await();
					throw new IllegalStateException("too late");
				});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.recorded.count("lost jobs")).isOne());
		found.countDown();
		awaitHandled(1);
		stop();
		assertThat(this.recorded.count("lost jobs")).isOne();
		assertThat(this.recorded.count("retried jobs")).isZero();
	}

	@Test
	void aFailureOfAHandlerThatLostItsLeaseIsALostLease() {
		start(options().pollInterval(Duration.ofMinutes(1)), (messages, acknowledgment) -> {
			takeOver(messages.get(0));
			throw new IllegalStateException("too late");
		});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.recorded.count("lost jobs")).isOne());
		assertThat(this.recorded.count("retried jobs")).isZero();
	}

	@Test
	void claimsAreCountedByWhatMadeThem() {
		start(options().batchSize(2).batch(true), (messages, acknowledgment) -> {
		});
		await(() -> assertThat(this.recorded.count("claimed by POLL jobs")).isPositive());
		this.pgqrs.enqueueAll("jobs", List.of(1, 2, 3));
		await(() -> assertThat(this.recorded.count("claimed jobs")).isEqualTo(3));
		assertThat(this.recorded.count("claimed by WAKE_UP jobs")).isOne();
		assertThat(this.recorded.count("claimed by BACKLOG jobs")).isOne();
	}

	@Test
	void aClaimThatFailsIsCounted() {
		this.pgqrs.enqueue("jobs", "x");
		start(options(), (messages, acknowledgment) -> {
		});
		awaitHandled(1);
		this.database.sql("ALTER TABLE pgqrs_messages RENAME COLUMN priority TO hidden").update();
		try {
			await(() -> assertThat(this.recorded.count("claim failed jobs")).isPositive());
		}
		finally {
			this.database.sql("ALTER TABLE pgqrs_messages RENAME COLUMN hidden TO priority").update();
		}
	}

	@Test
	void whatADeadWorkerHeldIsCountedAsReclaimed() {
		long dead = this.store.workers()
			.register(new Registration("dead", "elsewhere", 1, "any", List.of("jobs"), Duration.ofMillis(1)));
		this.pgqrs.enqueueAll("jobs", List.of(1, 2));
		this.store.messages().claimer("jobs").claim(new Claim(2, dead, Duration.ofHours(1), null, true, true, true));
		this.database.elapse(Duration.ofMinutes(2));
		start(options(), (messages, acknowledgment) -> {
		});
		await(() -> assertThat(this.recorded.count("reclaimed jobs")).isEqualTo(2));
	}

	/** Somebody else claims the message, as after the end of its lease. */
	private void takeOver(QueueMessage message) {
		this.database.sql("UPDATE pgqrs_messages SET delivery_count = delivery_count + 1 WHERE id = " + message.id())
			.update();
	}

	private ContainerOptions.Builder options() {
		return ContainerOptions.builder().pollInterval(Duration.ofMillis(100));
	}

	private void start(ContainerOptions.Builder options, PgqrsMessageListener listener) {
		this.factory.setOptions(options.build());
		PgqrsListenerContainer container = this.factory
			.createContainer(PgqrsListenerEndpoint.of("l", List.of("jobs"), listener));
		this.containers.add(container);
		container.start();
	}

	private void stop() {
		this.containers.forEach(PgqrsListenerContainer::stop);
		this.containers.clear();
	}

	private void awaitHandled(int calls) {
		await(() -> assertThat(this.recorded.observations("pgqrs.handle")).hasSize(calls));
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).untilAsserted(assertion);
	}

}
