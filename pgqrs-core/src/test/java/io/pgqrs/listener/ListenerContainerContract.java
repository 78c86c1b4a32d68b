package io.pgqrs.listener;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.pgqrs.DeadLetter;
import io.pgqrs.OnSuccess;
import io.micrometer.observation.ObservationRegistry;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsException;
import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueDefinition;
import io.pgqrs.QueueMessage;
import io.pgqrs.QueueMetrics;
import io.pgqrs.QueueNotFoundException;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.WorkerInfo;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.support.micrometer.Instrumentation;
import io.pgqrs.support.QueueEvents;
import io.pgqrs.test.TestDatabase;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

/** What a container promises, on each backend. */
abstract class ListenerContainerContract {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private TestDatabase database;

	private PgqrsStore store;

	private QueueCatalog catalog;

	private WakeUps wakeUps;

	private PgqrsTemplate pgqrs;

	private PgqrsAdmin admin;

	private PgqrsWorker worker;

	private DefaultPgqrsListenerContainerFactory factory;

	private JdbcClient jdbc;

	private final List<PgqrsListenerContainer> containers = new ArrayList<>();

	private final Queue<Object> handled = new ConcurrentLinkedQueue<>();

	abstract TestDatabase createDatabase();

	@BeforeEach
	void open() {
		this.database = createDatabase();
		this.store = this.database.store();
		this.catalog = new QueueCatalog(this.store.queues(), QueueNotFoundStrategy.CREATE,
				List.of(QueueDefinition.named("jobs")
					.visibilityTimeout(Duration.ofSeconds(30))
					.maxAttempts(3)
					.backoff(Duration.ofMillis(20), 2, Duration.ofMillis(100)),
						QueueDefinition.named("traceless").onSuccess(OnSuccess.DELETE)));
		this.catalog.saveDefinitions();
		this.wakeUps = new WakeUps(this.store.wakeUps());
		PayloadJson json = new PayloadJson(JsonMapper.shared());
		this.pgqrs = new PgqrsTemplate(this.store, this.catalog, this.wakeUps, json);
		this.admin = new PgqrsAdmin(this.store, this.catalog, this.wakeUps);
		this.worker = new PgqrsWorker(this.store, this.wakeUps, "tests", Duration.ofMillis(200),
				Duration.ofSeconds(30));
		this.factory = new DefaultPgqrsListenerContainerFactory(this.store, this.catalog, this.wakeUps, json,
				this.worker);
		this.jdbc = JdbcClient.create(this.store.dataSource());
		this.jdbc.sql("DROP TABLE IF EXISTS listener_effects").update();
		this.jdbc.sql("CREATE TABLE listener_effects (message_id bigint NOT NULL)").update();
	}

	@AfterEach
	void close() {
		this.containers.forEach(PgqrsListenerContainer::stop);
		this.jdbc.sql("DROP TABLE listener_effects").update();
		this.wakeUps.close();
		this.database.close();
	}

	@Test
	void handlesWhatIsEnqueuedBeforeAndAfterItsStart() {
		this.pgqrs.enqueue("jobs", "before");
		start((messages, acknowledgment) -> this.handled.add(messages.get(0).payload(String.class)));
		this.pgqrs.enqueue("jobs", "after");
		awaitCompleted("jobs", 2);
		assertThat(this.handled).containsExactlyInAnyOrder("before", "after");
	}

	@Test
	void aHandledMessageIsArchivedOrDeletedAsTheQueueSays() {
		this.pgqrs.enqueueAll("traceless", List.of(1, 2, 3));
		start("traceless", options(), (messages, acknowledgment) -> this.handled.add(messages.get(0).id()));
		await(() -> assertThat(this.handled).hasSize(3));
		await(() -> assertThat(this.admin.metrics("traceless")).isEqualTo(empty("traceless")));
	}

	@Test
	void anEnqueueOfThisProcessWakesTheContainer() throws InterruptedException {
		CountDownLatch called = new CountDownLatch(1);
		start("jobs", options().pollInterval(Duration.ofMinutes(10)), (messages, acknowledgment) -> called.countDown());
		awaitIdle("jobs");
		this.pgqrs.enqueue("jobs", "x");
		assertThat(called.await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void theQueueOfAWorkflowIsRefused() {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> start("workflow:import", options(), (messages, acknowledgment) -> {
			}))
			.withMessageContaining("Queue 'workflow:import' carries the runs of a workflow");
	}

	@Test
	void aFreeHandlerIsUsedWhileAnotherOneIsBusy() throws Exception {
		int rounds = 200;
		AtomicInteger together = new AtomicInteger();
		// One message of a round waits for the other one to be handled beside it. The
		// second one is announced while the first may still wait for its thread.
		CyclicBarrier both = new CyclicBarrier(2);
		start("jobs", options().concurrency(2).pollInterval(Duration.ofMinutes(10)), (messages, acknowledgment) -> {
			both.await(2, TimeUnit.SECONDS);
			together.incrementAndGet();
		});
		awaitIdle("jobs");
		for (int i = 1; i <= rounds; i++) {
			this.pgqrs.enqueue("jobs", "one");
			this.pgqrs.enqueue("jobs", "other");
			int expected = 2 * i;
			Awaitility.await()
				.atMost(Duration.ofSeconds(5))
				.pollInterval(Duration.ofMillis(1))
				.until(() -> together.get() == expected);
		}
	}

	@Test
	void aMessageThatNobodyAnnouncedIsFoundByPolling() throws InterruptedException {
		CountDownLatch called = new CountDownLatch(1);
		start("jobs", options().pollInterval(Duration.ofMillis(100)), (messages, acknowledgment) -> called.countDown());
		awaitIdle("jobs");
		PgqrsTemplate silent = new PgqrsTemplate(this.store, this.catalog, new WakeUps(this.store.wakeUps()),
				new PayloadJson(JsonMapper.shared()));
		silent.enqueue("jobs", "x");
		assertThat(called.await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void runsAsManyHandlersAtOnceAsItsConcurrencySays() throws Exception {
		CyclicBarrier together = new CyclicBarrier(4);
		start("jobs", options().concurrency(4), (messages, acknowledgment) -> {
			together.await(10, TimeUnit.SECONDS);
			this.handled.add(messages.get(0).id());
		});
		this.pgqrs.enqueueAll("jobs", List.of(1, 2, 3, 4, 5, 6, 7, 8));
		awaitCompleted("jobs", 8);
	}

	@Test
	void slowHandlersLeaveWaitingMessagesToOthers() {
		CountDownLatch release = new CountDownLatch(1);
		start("jobs", options().concurrency(2).batchSize(10), (messages, acknowledgment) -> release.await());
		this.pgqrs.enqueueAll("jobs", IntStream.range(0, 10).boxed().toList());
		await(() -> assertThat(this.admin.metrics("jobs").inFlight()).isEqualTo(2));
		assertThat(this.pgqrs.dequeue("jobs", 10)).hasSize(8).allMatch((message) -> this.pgqrs.archive(message));
		release.countDown();
		awaitCompleted("jobs", 10);
	}

	@Test
	void aBatchListenerGetsTheMessagesOfOneClaim() {
		this.pgqrs.enqueueAll("jobs", IntStream.range(0, 25).boxed().toList());
		start("jobs", options().batch(true).batchSize(10),
				(messages, acknowledgment) -> this.handled.add(messages.size()));
		awaitCompleted("jobs", 25);
		assertThat(this.handled).containsExactly(10, 10, 5);
	}

	@Test
	void unreadableMessagesOfABatchDieAndTheOthersAreHandled() {
		List<Long> ids = this.pgqrs.enqueueAll("jobs", List.of("good", "bad", "good"));
		start("jobs", options().batch(true), (messages, acknowledgment) -> {
			for (QueueMessage message : messages) {
				if (message.payload(String.class).equals("bad")) {
					throw new UnreadableMessagesException(Map.of(message, new IllegalArgumentException("unreadable")));
				}
			}
			messages.forEach((message) -> this.handled.add(message.id()));
		});
		awaitCompleted("jobs", 2);
		assertThat(this.handled).containsExactly(ids.get(0), ids.get(2));
		assertThat(this.admin.deadLetters("jobs", 10)).singleElement()
			.satisfies((letter) -> assertThat(letter.error()).contains("unreadable"));
	}

	@Test
	void aFailureIsRetriedWithBackoffAndEachDeliveryIsAnAttempt() {
		start((messages, acknowledgment) -> {
			this.handled.add(messages.get(0).attempt());
			if (messages.get(0).attempt() < 3) {
				throw new IllegalStateException("not yet");
			}
		});
		this.pgqrs.enqueue("jobs", "x");
		awaitCompleted("jobs", 1);
		assertThat(this.handled).containsExactly(1, 2, 3);
	}

	@Test
	void aMessageWhoseAttemptsAreUsedUpBecomesADeadLetterWithItsError() {
		start((messages, acknowledgment) -> {
			this.handled.add(messages.get(0).attempt());
			throw new IllegalStateException("no way \0", new IOException("disk"));
		});
		long id = this.pgqrs.enqueue().message(Map.of("a", 1)).to("jobs").header("tenant", "acme").send();
		await(() -> assertThat(this.admin.metrics("jobs").dead()).isOne());
		DeadLetter letter = this.admin.deadLetters("jobs", 10).get(0);
		assertThat(this.handled).containsExactly(1, 2, 3);
		assertThat(letter.id()).isEqualTo(id);
		assertThat(letter.attempts()).isEqualTo(3);
		assertThat(letter.headers()).containsEntry("tenant", "acme");
		assertThat(letter.error()).contains("java.lang.IllegalStateException", "no way", "java.io.IOException", "disk",
				"ListenerContainerContract");
		assertThat(letter.error().length()).isLessThan(20_000);
	}

	@Test
	void theListenersMaxAttemptsWinOverTheQueues() {
		start("jobs", options().maxAttempts(1), (messages, acknowledgment) -> {
			throw new IllegalStateException();
		});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.admin.metrics("jobs").dead()).isOne());
		assertThat(this.admin.deadLetters("jobs", 1).get(0).attempts()).isOne();
	}

	@Test
	void errorsAndNotOnlyExceptionsAreRetried() {
		start((messages, acknowledgment) -> {
			if (messages.get(0).attempt() == 1) {
				throw new AssertionError("broken");
			}
		});
		this.pgqrs.enqueue("jobs", "x");
		awaitCompleted("jobs", 1);
	}

	@Test
	void anExceptionMaySetTheDelay() {
		start((messages, acknowledgment) -> {
			throw new RetryAfterException(Duration.ofHours(1));
		});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.admin.metrics("jobs").delayed()).isOne());
		this.database.elapse(Duration.ofMinutes(59));
		assertThat(this.admin.metrics("jobs").delayed()).isOne();
		this.database.elapse(Duration.ofMinutes(2));
		assertThat(this.admin.metrics("jobs").delayed()).isZero();
	}

	@Test
	void anExceptionMayGiveUpAtOnce() {
		start((messages, acknowledgment) -> {
			this.handled.add(messages.get(0).attempt());
			throw new DeadLetterException("hopeless");
		});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.admin.metrics("jobs").dead()).isOne());
		assertThat(this.handled).containsExactly(1);
	}

	@Test
	void aReplayedDeadLetterIsHandledAtOnce() {
		AtomicInteger healthy = new AtomicInteger();
		start("jobs", options().pollInterval(Duration.ofMinutes(10)), (messages, acknowledgment) -> {
			if (healthy.get() == 0) {
				throw new DeadLetterException("not yet");
			}
			this.handled.add(messages.get(0).attempt());
		});
		long id = this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.admin.metrics("jobs").dead()).isOne());
		healthy.set(1);
		assertThat(this.admin.replay(id)).isTrue();
		awaitCompleted("jobs", 1);
		assertThat(this.handled).containsExactly(1);
	}

	@Test
	void anErrorHandlerThatReturnsMakesAFailureASuccess() {
		AtomicReference<Exception> seen = new AtomicReference<>();
		PgqrsListenerEndpoint endpoint = new PgqrsListenerEndpoint("l", List.of("jobs"), (messages, acknowledgment) -> {
			throw new IllegalStateException("handled elsewhere");
		}, (messages, exception) -> seen.set(exception), null, null, null, null, null, null, null, null);
		start(endpoint, options());
		this.pgqrs.enqueue("jobs", "x");
		awaitCompleted("jobs", 1);
		assertThat(seen.get()).hasMessage("handled elsewhere");
	}

	@Test
	void aLongHandlerKeepsItsLease() throws InterruptedException {
		CountDownLatch release = new CountDownLatch(1);
		start("jobs", options().visibilityTimeout(Duration.ofMillis(600)), (messages, acknowledgment) -> {
			this.handled.add(messages.get(0).attempt());
			release.await();
		});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.handled).hasSize(1));
		// Several visibility timeouts pass on the database's clock; nobody may get hold
		// of the message.
		assertThat(this.pgqrs.dequeue().from("jobs").batch(1).poll(Duration.ofSeconds(2))).isEmpty();
		release.countDown();
		awaitCompleted("jobs", 1);
		assertThat(this.handled).containsExactly(1);
	}

	@Test
	void whatWaitedTooLongForAHandlerIsDeliveredAgain() throws InterruptedException {
		CountDownLatch release = new CountDownLatch(1);
		start("jobs", options().batchSize(10).visibilityTimeout(Duration.ofMillis(500)), (messages, acknowledgment) -> {
			if (messages.get(0).payload(String.class).equals("slow")) {
				release.await();
			}
		});
		// Quick messages let the container claim ahead.
		this.pgqrs.enqueueAll("jobs", IntStream.range(0, 200).mapToObj((i) -> "quick").toList());
		awaitCompleted("jobs", 200);
		this.pgqrs.enqueueAll("jobs", List.of("slow", "waiting"));
		await(() -> assertThat(this.admin.metrics("jobs").inFlight()).isEqualTo(2));
		// Nobody can extend a lease while this transaction holds the rows.
		this.database.transaction().executeWithoutResult((status) -> {
			this.database.sql("UPDATE pgqrs_messages SET priority = priority").update();
			Awaitility.await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
			release.countDown();
			Awaitility.await().pollDelay(Duration.ofMillis(200)).until(() -> true);
		});
		awaitCompleted("jobs", 202);
	}

	@Test
	void aHandlerWhoseLeaseWasTakenOverCompletesNothing() throws InterruptedException {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		start("jobs", options().batchSize(1), (messages, acknowledgment) -> {
			started.countDown();
			release.await();
		});
		this.pgqrs.enqueue("jobs", "x");
		assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
		this.database.elapse(Duration.ofMinutes(1));
		QueueMessage taken = this.pgqrs.dequeue("jobs", 1).get(0);
		assertThat(taken.attempt()).isEqualTo(2);
		release.countDown();
		this.containers.get(0).stop();
		assertThat(this.admin.metrics("jobs").archived()).isZero();
		assertThat(this.pgqrs.archive(taken)).isTrue();
	}

	@Test
	void inTransactionalModeEffectAndCompletionCommitTogether() {
		start("jobs", options().ackMode(AckMode.TRANSACTIONAL), (messages, acknowledgment) -> {
			effect(messages.get(0));
			if (messages.get(0).attempt() == 1) {
				throw new IllegalStateException("after the effect");
			}
		});
		this.pgqrs.enqueueAll("jobs", List.of(1, 2, 3));
		awaitCompleted("jobs", 3);
		assertThat(effects()).hasSize(3).doesNotHaveDuplicates();
	}

	@Test
	void inTransactionalModeALostLeaseRollsTheEffectBack() {
		AtomicReference<QueueMessage> taken = new AtomicReference<>();
		// On SQLite nobody can take a message over while a transaction writes: so before
		// the first write.
		start("jobs", options().ackMode(AckMode.TRANSACTIONAL).batchSize(1), (messages, acknowledgment) -> {
			if (messages.get(0).attempt() == 1) {
				Thread other = new Thread(() -> {
					this.database.elapse(Duration.ofMinutes(1));
					taken.set(this.pgqrs.dequeue("jobs", 1).get(0));
				});
				other.start();
				other.join();
			}
			effect(messages.get(0));
		});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(taken.get()).isNotNull());
		this.containers.get(0).stop();
		assertThat(effects()).isEmpty();
		assertThat(this.pgqrs.archive(taken.get())).isTrue();
	}

	@Test
	void inTransactionalModeWhatTheListenerEnqueuesCommitsWithIt() {
		start("jobs", options().ackMode(AckMode.TRANSACTIONAL), (messages, acknowledgment) -> {
			this.pgqrs.enqueue("traceless", "child");
			if (messages.get(0).attempt() == 1) {
				throw new IllegalStateException("after the enqueue");
			}
		});
		this.pgqrs.enqueue("jobs", "x");
		awaitCompleted("jobs", 1);
		assertThat(this.admin.metrics("traceless").ready()).isOne();
	}

	@Test
	void aTransactionManagerOfAnotherDatabaseIsRefused() {
		this.factory.setTransactionManager(
				new DataSourceTransactionManager(new DriverManagerDataSource("jdbc:sqlite:" + this.otherFile())));
		start("jobs", options().ackMode(AckMode.TRANSACTIONAL).maxAttempts(1),
				(messages, acknowledgment) -> this.handled.add("called"));
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.admin.metrics("jobs").dead()).isOne());
		assertThat(this.handled).isEmpty();
		assertThat(this.admin.deadLetters("jobs", 1).get(0).error()).contains("does not work on the data source");
	}

	private String otherFile() {
		try {
			Path file = Files.createTempFile("other", ".db");
			file.toFile().deleteOnExit();
			return file.toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void inManualModeTheListenerDecides() {
		start("jobs", options().ackMode(AckMode.MANUAL), (messages, acknowledgment) -> {
			switch (messages.get(0).payload(String.class)) {
				case "acknowledge" -> this.handled.add(acknowledgment.acknowledge());
				case "release" -> this.handled.add(acknowledgment.release(Duration.ofHours(1)));
				default -> this.handled.add(acknowledgment.extend(Duration.ofHours(2)));
			}
		});
		this.pgqrs.enqueueAll("jobs", List.of("acknowledge", "release", "extend"));
		await(() -> assertThat(this.handled).containsExactly(true, true, true));
		QueueMetrics metrics = this.admin.metrics("jobs");
		assertThat(metrics.archived()).isOne();
		assertThat(metrics.delayed()).isOne();
		assertThat(metrics.inFlight()).isOne();
	}

	@Test
	void inManualModeAMessageMayBeAcknowledgedLaterAndOnce() {
		AtomicReference<Acknowledgment> later = new AtomicReference<>();
		start("jobs", options().ackMode(AckMode.MANUAL), (messages, acknowledgment) -> later.set(acknowledgment));
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(later.get()).isNotNull());
		assertThat(later.get().acknowledge()).isTrue();
		assertThat(later.get().acknowledge()).isFalse();
		assertThat(later.get().release(Duration.ZERO)).isFalse();
		assertThat(this.admin.metrics("jobs").archived()).isOne();
	}

	@Test
	void inManualModeAForgottenMessageComesBackWhenItsLeaseEnds() {
		start("jobs", options().ackMode(AckMode.MANUAL).pollInterval(Duration.ofMillis(50)),
				(messages, acknowledgment) -> {
					this.handled.add(messages.get(0).attempt());
					if (messages.get(0).attempt() == 2) {
						acknowledgment.acknowledge();
					}
				});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.handled).containsExactly(1));
		this.database.elapse(Duration.ofMinutes(1));
		awaitCompleted("jobs", 1);
		assertThat(this.handled).containsExactly(1, 2);
	}

	@Test
	void inManualModeAnExtensionByTheListenerIsNotTakenBack() throws InterruptedException {
		AtomicReference<Acknowledgment> later = new AtomicReference<>();
		CountDownLatch release = new CountDownLatch(1);
		start("jobs", options().ackMode(AckMode.MANUAL).visibilityTimeout(Duration.ofMillis(300)),
				(messages, acknowledgment) -> {
					this.handled.add(acknowledgment.extend(Duration.ofMinutes(5)));
					later.set(acknowledgment);
					release.await();
				});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(later.get()).isNotNull());
		assertThat(this.pgqrs.dequeue().from("jobs").poll(Duration.ofMillis(700))).isEmpty();
		release.countDown();
		assertThat(this.pgqrs.dequeue().from("jobs").poll(Duration.ofMillis(700))).isEmpty();
		assertThat(this.handled).containsExactly(true);
		assertThat(later.get().acknowledge()).isTrue();
	}

	@Test
	void inManualModeAFailureThatRolledTheAcknowledgementBackIsAFailure() {
		start("jobs", options().ackMode(AckMode.MANUAL).maxAttempts(1),
				(messages, acknowledgment) -> this.database.transaction().executeWithoutResult((status) -> {
					this.handled.add(acknowledgment.acknowledge());
					throw new IllegalStateException("after the acknowledgement");
				}));
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.admin.metrics("jobs").dead()).isOne());
		assertThat(this.handled).containsExactly(true);
		assertThat(this.admin.deadLetters("jobs", 1).get(0).error()).contains("after the acknowledgement");
	}

	@Test
	void inOtherModesAnAcknowledgementIsRefused() {
		start("jobs", options().maxAttempts(1), (messages, acknowledgment) -> acknowledgment.acknowledge());
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.admin.metrics("jobs").dead()).isOne());
		assertThat(this.admin.deadLetters("jobs", 1).get(0).error()).contains("MANUAL");
	}

	@Test
	void aPausedContainerClaimsNothingUntilItIsResumed() {
		PgqrsListenerContainer container = start((messages, acknowledgment) -> this.handled.add("x"));
		container.pause();
		assertThat(container.isPaused()).isTrue();
		assertThat(container.isRunning()).isTrue();
		awaitNoClaimUnderWay();
		this.pgqrs.enqueue("jobs", "x");
		assertThat(this.pgqrs.dequeue("jobs", 1)).singleElement()
			.satisfies((message) -> this.pgqrs.release(message, Duration.ZERO));
		container.resume();
		awaitCompleted("jobs", 1);
	}

	@Test
	void nobodyClaimsFromAPausedQueue() {
		start((messages, acknowledgment) -> this.handled.add("x"));
		awaitIdle("jobs");
		this.admin.pauseQueue("jobs");
		this.pgqrs.enqueue("jobs", "x");
		assertThat(this.pgqrs.dequeue("jobs", 1)).isEmpty();
		assertThat(this.admin.metrics("jobs").ready()).isOne();
		this.admin.resumeQueue("jobs");
		awaitCompleted("jobs", 1);
	}

	@Test
	void aStopLetsHandlersFinishAndGivesBackWhatWasNotBegun() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		// A batch of quick messages lets the container claim ahead.
		PgqrsListenerContainer container = start("jobs", options().batchSize(10), (messages, acknowledgment) -> {
			if (messages.get(0).payload(String.class).equals("slow")) {
				started.countDown();
				release.await();
			}
		});
		this.pgqrs.enqueueAll("jobs", IntStream.range(0, 200).mapToObj((i) -> "quick").toList());
		awaitCompleted("jobs", 200);
		this.pgqrs.enqueueAll("jobs", IntStream.range(0, 10).mapToObj((i) -> (i == 0) ? "slow" : "waiting").toList());
		assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
		CountDownLatch stopped = new CountDownLatch(1);
		container.stop(stopped::countDown);
		assertThat(container.isRunning()).isFalse();
		await(() -> assertThat(this.admin.metrics("jobs").ready()).isEqualTo(9));
		assertThat(stopped.getCount()).isOne();
		release.countDown();
		assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.admin.metrics("jobs").archived()).isEqualTo(201);
		assertThat(this.pgqrs.dequeue("jobs", 20)).hasSize(9).allMatch((message) -> message.attempt() == 1);
	}

	@ParameterizedTest
	@EnumSource
	void aStopThatCannotWaitInterruptsHandlersAndGivesTheirMessagesBack(AckMode ackMode) throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		PgqrsListenerContainer container = start("jobs",
				options().ackMode(ackMode).shutdownTimeout(Duration.ofMillis(100)), (messages, acknowledgment) -> {
					started.countDown();
					try {
						new CountDownLatch(1).await();
					}
					catch (InterruptedException ex) {
						this.handled.add("interrupted");
						throw ex;
					}
				});
		this.pgqrs.enqueue("jobs", "x");
		assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
		container.stop();
		await(() -> assertThat(this.handled).containsExactly("interrupted"));
		assertThat(this.pgqrs.dequeue("jobs", 1)).singleElement()
			.satisfies((message) -> assertThat(message.attempt()).isOne());
	}

	@Test
	void aListenerMayStopItsOwnContainer() {
		PgqrsListenerContainer container = start((messages, acknowledgment) -> this.containers.get(0).stop());
		this.pgqrs.enqueue("jobs", "x");
		awaitCompleted("jobs", 1);
		assertThat(container.isRunning()).isFalse();
	}

	@Test
	void aTaskExecutorThatHasTooFewThreadsIsRefused() {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setCorePoolSize(3);
		executor.setMaxPoolSize(3);
		executor.setQueueCapacity(0);
		executor.initialize();
		this.factory.setTaskExecutor(executor);
		assertThatExceptionOfType(PgqrsException.class)
			.isThrownBy(
					() -> start("jobs", options().concurrency(2), (messages, acknowledgment) -> this.handled.add("x")))
			.withMessageContaining("4 threads");
		assertThat(this.containers.get(0).isRunning()).isFalse();
		await(() -> assertThat(executor.getActiveCount()).isZero());
		executor.shutdown();
	}

	@Test
	void aStoppedContainerStartsAgain() {
		PgqrsListenerContainer container = start((messages, acknowledgment) -> this.handled.add("x"));
		container.stop();
		assertThat(container.isRunning()).isFalse();
		this.pgqrs.enqueue("jobs", "x");
		container.start();
		assertThat(container.isRunning()).isTrue();
		awaitCompleted("jobs", 1);
	}

	@Test
	void aListenerOfSeveralQueuesServesAllOfThem() {
		List<String> queues = List.of("one", "two", "three");
		start(PgqrsListenerEndpoint.of("l", queues,
				(messages, acknowledgment) -> this.handled.add(messages.get(0).queue())), options().batchSize(5));
		queues.forEach((queue) -> this.pgqrs.enqueueAll(queue, IntStream.range(0, 50).boxed().toList()));
		queues.forEach((queue) -> awaitCompleted(queue, 50));
		assertThat(Set.copyOf(this.handled)).isEqualTo(Set.copyOf(queues));
	}

	@Test
	void anInterruptThatAListenerLeavesBehindDoesNoHarm() {
		start((messages, acknowledgment) -> {
			this.handled.add(messages.get(0).id());
			Thread.currentThread().interrupt();
		});
		this.pgqrs.enqueueAll("jobs", List.of(1, 2, 3, 4, 5));
		awaitCompleted("jobs", 5);
	}

	@Test
	void theProcessIsAWorkerAsLongAsAContainerRuns() {
		PgqrsListenerContainer container = start((messages, acknowledgment) -> this.handled.add("x"));
		await(() -> assertThat(this.admin.workers()).singleElement().satisfies((info) -> {
			assertThat(info.status()).isEqualTo("running");
			assertThat(info.pid()).isEqualTo(ProcessHandle.current().pid());
			assertThat(info.queues()).containsExactly("jobs");
		}));
		container.stop();
		assertThat(this.admin.workers()).extracting(WorkerInfo::status).containsExactly("stopped");
	}

	@Test
	void aWorkerThatWasDeclaredDeadRegistersAnew() {
		start((messages, acknowledgment) -> this.handled.add("x"));
		await(() -> assertThat(this.admin.workers()).hasSize(1));
		this.database.sql("UPDATE pgqrs_workers SET dead_after_ms = 5000").update();
		this.store.workers().reclaim(Duration.ofSeconds(5));
		this.database.elapse(Duration.ofSeconds(10));
		this.store.workers().reclaim(Duration.ofSeconds(5));
		await(() -> assertThat(this.admin.workers()).extracting(WorkerInfo::status).contains("dead", "running"));
		this.pgqrs.enqueue("jobs", "x");
		awaitCompleted("jobs", 1);
	}

	@Test
	void whatADeadWorkerLostIsHandledNoFurther() {
		List<Long> ids = this.pgqrs.enqueueAll("jobs", List.of(1, 2));
		CountDownLatch end = new CountDownLatch(1);
		start("jobs", options().concurrency(2), (messages, acknowledgment) -> {
			this.handled.add(messages.get(0).id() + "/" + messages.get(0).attempt());
			if (messages.get(0).attempt() == 1) {
				try {
					end.await();
				}
				catch (InterruptedException ex) {
					this.handled.add("interrupted " + messages.get(0).id());
					throw ex;
				}
			}
		});
		await(() -> assertThat(this.handled).hasSize(2));
		// The second one is with somebody who is alive.
		this.database.sql("UPDATE pgqrs_messages SET worker_id = 999 WHERE id = :id").param("id", ids.get(1)).update();
		this.database.sql("UPDATE pgqrs_workers SET dead_after_ms = 5000").update();
		this.database.elapse(Duration.ofSeconds(10));
		assertThat(this.store.workers().reclaim(Duration.ofSeconds(5)).messages()).containsOnly(entry("jobs", 1));
		await(() -> assertThat(this.handled).containsExactlyInAnyOrder(ids.get(0) + "/1", ids.get(1) + "/1",
				"interrupted " + ids.get(0), ids.get(0) + "/2"));
		end.countDown();
		awaitCompleted("jobs", 2);
		assertThat(this.handled).hasSize(4);
		assertThat(this.admin.workers()).extracting(WorkerInfo::status).containsExactly("running", "dead");
	}

	@Test
	void aContainerSaysWhatItDoes() {
		PgqrsListenerContainer container = start((messages, acknowledgment) -> this.handled.add("x"));
		assertThat(container.getState()).isEqualTo(ContainerState.RUNNING);
		container.pause();
		assertThat(container.getState()).isEqualTo(ContainerState.PAUSED);
		container.resume();
		this.database.sql("ALTER TABLE pgqrs_queues RENAME COLUMN paused TO away").update();
		await(() -> assertThat(container.getState()).isEqualTo(ContainerState.RECOVERING));
		assertThat(container.isRunning()).isTrue();
		this.database.sql("ALTER TABLE pgqrs_queues RENAME COLUMN away TO paused").update();
		await(() -> assertThat(container.getState()).isEqualTo(ContainerState.RUNNING));
		container.stop();
		assertThat(container.getState()).isEqualTo(ContainerState.STOPPED);
	}

	@Test
	void aBusyContainerRecoversWithoutAClaim() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		PgqrsListenerContainer container = start("jobs", options().visibilityTimeout(Duration.ofMillis(600)),
				(messages, acknowledgment) -> {
					this.handled.add("x");
					end.await();
				});
		this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.handled).hasSize(1));
		this.database.sql("ALTER TABLE pgqrs_messages RENAME COLUMN worker_id TO away").update();
		await(() -> assertThat(container.getState()).isEqualTo(ContainerState.RECOVERING));
		this.database.sql("ALTER TABLE pgqrs_messages RENAME COLUMN away TO worker_id").update();
		await(() -> assertThat(container.getState()).isEqualTo(ContainerState.RUNNING));
		end.countDown();
		awaitCompleted("jobs", 1);
	}

	@Test
	void aMessageIsNotStrandedByAnObserverThatThrows() {
		AtomicInteger observed = new AtomicInteger();
		this.factory.setInstrumentation(new Instrumentation(ObservationRegistry.NOOP, new QueueEvents() {

			@Override
			public void delivered(String queue, Duration delay) {
				if (observed.incrementAndGet() == 1) {
					throw new IllegalStateException("a defect of the application's own counters");
				}
			}

		}));
		start((messages, acknowledgment) -> this.handled.add("attempt " + messages.get(0).attempt()));
		this.pgqrs.enqueue("jobs", "x");
		awaitCompleted("jobs", 1);
		assertThat(this.handled).containsExactly("attempt 2");
	}

	@Test
	void anUnknownQueueMayBeRefused() {
		QueueCatalog strict = new QueueCatalog(this.store.queues(), QueueNotFoundStrategy.FAIL, List.of());
		DefaultPgqrsListenerContainerFactory strictFactory = new DefaultPgqrsListenerContainerFactory(this.store,
				strict, this.wakeUps, new PayloadJson(JsonMapper.shared()), this.worker);
		PgqrsListenerContainer container = strictFactory
			.createContainer(PgqrsListenerEndpoint.of("l", List.of("nowhere"), (messages, acknowledgment) -> {
			}));
		assertThatExceptionOfType(QueueNotFoundException.class).isThrownBy(container::start)
			.withMessageContaining("'nowhere'");
		assertThat(container.isRunning()).isFalse();
	}

	@Test
	void manyMessagesAreHandledOnceEachByManyHandlers() {
		int count = 5_000;
		Set<Long> ids = ConcurrentHashMap.newKeySet();
		start("traceless", options().concurrency(8).batchSize(50), (messages, acknowledgment) -> {
			assertThat(ids.add(messages.get(0).id())).isTrue();
		});
		this.pgqrs.enqueueAll("traceless", IntStream.range(0, count).boxed().toList());
		await(() -> assertThat(this.admin.metrics("traceless")).isEqualTo(empty("traceless")));
		assertThat(ids).hasSize(count);
	}

	private ContainerOptions.Builder options() {
		return ContainerOptions.builder().pollInterval(Duration.ofMillis(200));
	}

	private PgqrsListenerContainer start(PgqrsMessageListener listener) {
		return start("jobs", options(), listener);
	}

	private PgqrsListenerContainer start(String queue, ContainerOptions.Builder options,
			PgqrsMessageListener listener) {
		return start(PgqrsListenerEndpoint.of("l", List.of(queue), listener), options);
	}

	private PgqrsListenerContainer start(PgqrsListenerEndpoint endpoint, ContainerOptions.Builder options) {
		this.factory.setOptions(options.build());
		PgqrsListenerContainer container = this.factory.createContainer(endpoint);
		this.containers.add(container);
		container.start();
		return container;
	}

	private void effect(QueueMessage message) {
		this.jdbc.sql("INSERT INTO listener_effects VALUES (:id)").param("id", message.id()).update();
	}

	private List<Long> effects() {
		return this.jdbc.sql("SELECT message_id FROM listener_effects")
			.query((rs, index) -> rs.getLong("message_id"))
			.list();
	}

	private static QueueMetrics empty(String queue) {
		return new QueueMetrics(queue, 0, 0, 0, 0, 0, null, false);
	}

	private void awaitCompleted(String queue, int count) {
		await(() -> assertThat(this.admin.metrics(queue).archived()).isEqualTo(count));
	}

	/**
	 * Waits until the container has looked for work once: a first message was handled.
	 */
	private void awaitIdle(String queue) {
		await(() -> assertThat(this.admin.workers()).isNotEmpty());
		await(() -> assertThat(this.admin.metrics(queue).ready()).isZero());
		awaitNoClaimUnderWay();
	}

	/** A claim takes some milliseconds; one that began before is over after this. */
	private void awaitNoClaimUnderWay() {
		Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> true);
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
	}

}
