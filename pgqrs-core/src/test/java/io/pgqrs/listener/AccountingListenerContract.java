package io.pgqrs.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueDefinition;
import io.pgqrs.QueueMessage;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.test.TestDatabase;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What a container promises a listener that keeps account itself, on each backend. */
abstract class AccountingListenerContract {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private TestDatabase database;

	private PgqrsStore store;

	private WakeUps wakeUps;

	private PgqrsTemplate pgqrs;

	private PgqrsAdmin admin;

	private DefaultPgqrsListenerContainerFactory factory;

	private final List<PgqrsListenerContainer> containers = new ArrayList<>();

	/** Ids of messages, for each call. */
	private final Queue<List<Long>> taken = new ConcurrentLinkedQueue<>();

	private final Queue<QueueMessage> performed = new ConcurrentLinkedQueue<>();

	/** Ids of messages, for each call. */
	private final Queue<List<Long>> settled = new ConcurrentLinkedQueue<>();

	abstract TestDatabase createDatabase();

	@BeforeEach
	void open() {
		this.database = createDatabase();
		this.store = this.database.store();
		QueueCatalog catalog = new QueueCatalog(this.store.queues(), QueueNotFoundStrategy.CREATE,
				List.of(QueueDefinition.named("jobs")
					.visibilityTimeout(Duration.ofSeconds(30))
					.maxAttempts(3)
					.backoff(Duration.ofMillis(20), 2, Duration.ofMillis(100)),
						QueueDefinition.named("patient").backoff(Duration.ofHours(1), 2, Duration.ofHours(4))));
		catalog.saveDefinitions();
		this.wakeUps = new WakeUps(this.store.wakeUps());
		PayloadJson json = new PayloadJson(JsonMapper.shared());
		this.pgqrs = new PgqrsTemplate(this.store, catalog, this.wakeUps, json);
		this.admin = new PgqrsAdmin(this.store, catalog, this.wakeUps);
		this.factory = new DefaultPgqrsListenerContainerFactory(this.store, catalog, this.wakeUps, json,
				new PgqrsWorker(this.store, this.wakeUps, "tests", Duration.ofMillis(200), Duration.ofSeconds(30)));
	}

	@AfterEach
	void close() {
		this.containers.forEach(PgqrsListenerContainer::stop);
		this.wakeUps.close();
		this.database.close();
	}

	@Test
	void messagesAreTakenOnceForEachClaimAndInItsOrder() {
		Set<Thread> takers = ConcurrentHashMap.newKeySet();
		Set<Thread> performers = ConcurrentHashMap.newKeySet();
		List<Long> ids = this.pgqrs.enqueueAll("jobs", IntStream.range(0, 25).boxed().toList());
		start(options().concurrency(10).batchSize(10), new Accountant((message, shutdown) -> {
			performers.add(Thread.currentThread());
			return true;
		}) {
			@Override
			public List<? extends Task> take(List<QueueMessage> messages) {
				takers.add(Thread.currentThread());
				return super.take(messages);
			}
		});
		awaitCompleted("jobs", 25);
		assertThat(this.taken.peek()).isEqualTo(ids.subList(0, 10));
		assertThat(this.taken.stream().flatMap(List::stream)).containsExactlyElementsOf(ids);
		assertThat(this.performed).extracting(QueueMessage::id).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(takers).hasSize(1).doesNotContainAnyElementsOf(performers);
	}

	@Test
	void tasksThatWaitForEachOtherAreSettledTogether() {
		CountDownLatch allPerformed = new CountDownLatch(21);
		List<Long> ids = this.pgqrs.enqueueAll("jobs", IntStream.range(0, 21).boxed().toList());
		start(new Accountant((message, shutdown) -> {
			allPerformed.countDown();
			return true;
		}) {
			@Override
			public Set<Long> settle(List<? extends Task> tasks) {
				await(allPerformed);
				return super.settle(tasks);
			}
		});
		awaitCompleted("jobs", 21);
		assertThat(this.settled).hasSizeLessThanOrEqualTo(2);
		assertThat(this.settled.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(ids);
	}

	@Test
	void theLeaseOfATaskThatIsNotToBeSettledIsGivenUp() {
		start(options().visibilityTimeout(Duration.ofMillis(500)),
				new Accountant((message, shutdown) -> message.attempt() == 2));
		long id = this.pgqrs.enqueue("jobs", "x");
		// If the container went on extending the lease, it would never come back.
		awaitCompleted("jobs", 1);
		assertThat(this.performed).extracting(QueueMessage::attempt).containsExactly(1, 2);
		assertThat(this.settled).containsExactly(List.of(id));
	}

	@Test
	void aSettlementThatFailsIsTriedAgainAndTheLeasesAreKeptMeanwhile() throws InterruptedException {
		AtomicBoolean failing = new AtomicBoolean(true);
		start(options().visibilityTimeout(Duration.ofMillis(600)), new Accountant((message, shutdown) -> true) {
			@Override
			public Set<Long> settle(List<? extends Task> tasks) {
				if (failing.get()) {
					throw new DataAccessResourceFailureException("gone for a moment");
				}
				return super.settle(tasks);
			}
		});
		long id = this.pgqrs.enqueue("jobs", "x");
		await(() -> assertThat(this.performed).hasSize(1));
		// Several visibility timeouts pass on the database's clock; nobody may get hold
		// of the message.
		assertThat(this.pgqrs.dequeue().from("jobs").batch(1).poll(Duration.ofSeconds(2))).isEmpty();
		failing.set(false);
		awaitCompleted("jobs", 1);
		assertThat(this.performed).hasSize(1);
		assertThat(this.settled).containsExactly(List.of(id));
	}

	@Test
	void aTaskWhoseLeaseWasLostIsNotSettledAgain() {
		start(options().visibilityTimeout(Duration.ofMillis(500)), new Accountant((message, shutdown) -> true) {
			@Override
			public Set<Long> settle(List<? extends Task> tasks) {
				if (AccountingListenerContract.this.performed.size() == 1) {
					return Set.of();
				}
				return super.settle(tasks);
			}
		});
		long id = this.pgqrs.enqueue("jobs", "x");
		awaitCompleted("jobs", 1);
		assertThat(this.performed).extracting(QueueMessage::attempt).containsExactly(1, 2);
		assertThat(this.settled).containsExactly(List.of(id));
	}

	@Test
	void whatIsThrownOutOfATaskDelaysItsMessageByTheInitialBackoff() {
		start("patient", options(), new Accountant((message, shutdown) -> {
			if (message.attempt() == 1) {
				throw new IllegalStateException("a defect");
			}
			return true;
		}));
		long id = this.pgqrs.enqueue("patient", "x");
		await(() -> assertThat(this.admin.metrics("patient").delayed()).isOne());
		this.database.elapse(Duration.ofMinutes(59));
		assertThat(this.admin.metrics("patient").delayed()).isOne();
		this.database.elapse(Duration.ofMinutes(2));
		awaitCompleted("patient", 1);
		assertThat(this.performed).extracting(QueueMessage::attempt).containsExactly(1, 2);
		assertThat(this.settled).containsExactly(List.of(id));
	}

	@Test
	void whatIsThrownOutOfATaskMakesNoDeadLetterAsLongAsThereAreAttempts() {
		start(options().maxAttempts(Integer.MAX_VALUE), new Accountant((message, shutdown) -> {
			if (message.attempt() < 5) {
				throw new AssertionError("a defect");
			}
			return true;
		}));
		this.pgqrs.enqueue("jobs", "x");
		awaitCompleted("jobs", 1);
		assertThat(this.performed).extracting(QueueMessage::attempt).containsExactly(1, 2, 3, 4, 5);
		assertThat(this.admin.metrics("jobs").dead()).isZero();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatCouldNotBeTakenIsGivenBackAndTakenLater(boolean throwing) {
		start(options().batchSize(3), new Accountant((message, shutdown) -> true) {
			@Override
			public List<? extends Task> take(List<QueueMessage> messages) {
				List<? extends Task> tasks = super.take(messages);
				if (AccountingListenerContract.this.taken.size() > 1) {
					return tasks;
				}
				if (throwing) {
					throw new DataAccessResourceFailureException("gone for a moment");
				}
				return List.of();
			}
		});
		List<Long> ids = this.pgqrs.enqueueAll("jobs", List.of(1, 2, 3));
		// Well before any lease ends by itself.
		awaitCompleted("jobs", 3);
		assertThat(this.taken.stream().flatMap(List::stream)).hasSizeGreaterThan(3);
		assertThat(this.performed).extracting(QueueMessage::id).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(this.performed).extracting(QueueMessage::attempt).containsOnly(1);
	}

	@Test
	void whatWaitedTooLongForAHandlerIsNotPerformedButTakenAgain() {
		CountDownLatch release = new CountDownLatch(1);
		start(options().visibilityTimeout(Duration.ofMillis(500)), new Accountant((message, shutdown) -> {
			if (message.payload(String.class).equals("slow")) {
				await(release);
			}
			return true;
		}));
		letItClaimAhead();
		long waiting = this.pgqrs.enqueueAll("jobs", List.of("slow", "waiting")).get(1);
		await(() -> assertThat(this.admin.metrics("jobs").inFlight()).isEqualTo(2));
		// Nobody can extend a lease while this transaction holds the rows.
		this.database.transaction().executeWithoutResult((status) -> {
			this.database.sql("UPDATE pgqrs_messages SET priority = priority").update();
			Awaitility.await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
			release.countDown();
			Awaitility.await().pollDelay(Duration.ofMillis(200)).until(() -> true);
		});
		awaitCompleted("jobs", 202);
		assertThat(this.taken.stream().flatMap(List::stream).filter((id) -> id == waiting)).hasSizeGreaterThan(1);
		assertThat(this.performed).extracting(QueueMessage::id).containsOnlyOnce(waiting);
	}

	@Test
	void aStopIsRequestedOfRunningTasksAndSettlesThem() throws InterruptedException {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch stopBegun = new CountDownLatch(1);
		Queue<Boolean> requested = new ConcurrentLinkedQueue<>();
		PgqrsListenerContainer container = start(new Accountant((message, shutdown) -> {
			requested.add(shutdown.isRequested());
			started.countDown();
			await(stopBegun);
			requested.add(shutdown.isRequested());
			requested.add(shutdown.isForced());
			return true;
		}));
		this.pgqrs.enqueue("jobs", "x");
		await(started);
		CountDownLatch stopped = new CountDownLatch(1);
		container.stop(stopped::countDown);
		stopBegun.countDown();
		await(stopped);
		assertThat(requested).containsExactly(false, true, false);
		assertThat(this.admin.metrics("jobs").archived()).isOne();
	}

	@Test
	void aStopGivesBackTasksThatWereNotBegun() {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		PgqrsListenerContainer container = start(new Accountant((message, shutdown) -> {
			if (message.payload(String.class).equals("slow")) {
				started.countDown();
				await(release);
			}
			return true;
		}));
		letItClaimAhead();
		this.pgqrs.enqueueAll("jobs", IntStream.range(0, 10).mapToObj((i) -> (i == 0) ? "slow" : "waiting").toList());
		await(started);
		await(() -> assertThat(this.admin.metrics("jobs").inFlight()).isEqualTo(10));
		CountDownLatch stopped = new CountDownLatch(1);
		container.stop(stopped::countDown);
		await(() -> assertThat(this.admin.metrics("jobs").ready()).isEqualTo(9));
		assertThat(stopped.getCount()).isOne();
		release.countDown();
		await(stopped);
		assertThat(this.admin.metrics("jobs").archived()).isEqualTo(201);
		assertThat(this.pgqrs.dequeue("jobs", 20)).hasSize(9).allMatch((message) -> message.attempt() == 1);
	}

	@Test
	void aStopWaitsUntilAllThatWasPerformedIsSettled() {
		CountDownLatch settling = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.pgqrs.enqueueAll("jobs", IntStream.range(0, 20).boxed().toList());
		PgqrsListenerContainer container = start(new Accountant((message, shutdown) -> {
			if (message.payload(Integer.class) > 0) {
				await(settling);
			}
			return true;
		}) {
			@Override
			public Set<Long> settle(List<? extends Task> tasks) {
				settling.countDown();
				await(release);
				return super.settle(tasks);
			}
		});
		await(() -> assertThat(this.performed).hasSize(20));
		CountDownLatch stopped = new CountDownLatch(1);
		container.stop(stopped::countDown);
		Awaitility.await().during(Duration.ofMillis(300)).until(() -> stopped.getCount() == 1);
		release.countDown();
		await(stopped);
		assertThat(this.settled).hasSize(2);
		assertThat(this.admin.metrics("jobs").archived()).isEqualTo(20);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aStopThatCannotWaitGivesBackTheMessageWhateverItsTaskDoes(boolean throwing) {
		ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
		threads.setCorePoolSize(4);
		threads.initialize();
		this.factory.setTaskExecutor(threads);
		Queue<Boolean> forced = new ConcurrentLinkedQueue<>();
		CountDownLatch bothStarted = new CountDownLatch(2);
		CountDownLatch taskEnded = new CountDownLatch(1);
		PgqrsListenerContainer container = start(options().concurrency(2).shutdownTimeout(Duration.ofMillis(100)),
				new Accountant((message, shutdown) -> {
					bothStarted.countDown();
					if (message.payload(String.class).equals("quick")) {
						return true;
					}
					forced.add(shutdown.isForced());
					try {
						new CountDownLatch(1).await();
					}
					catch (InterruptedException ex) {
						forced.add(shutdown.isForced());
					}
					if (throwing) {
						throw new IllegalStateException("interrupted");
					}
					return false;
				}) {
					@Override
					public Set<Long> settle(List<? extends Task> tasks) {
						// So that the container gives back after the task has ended.
						await(taskEnded);
						return super.settle(tasks);
					}
				});
		this.pgqrs.enqueueAll("jobs", List.of("slow", "quick"));
		await(bothStarted);
		CountDownLatch stopped = new CountDownLatch(1);
		container.stop(stopped::countDown);
		await(() -> assertThat(threads.getActiveCount()).isEqualTo(2));
		taskEnded.countDown();
		await(stopped);
		threads.shutdown();
		assertThat(forced).containsExactly(false, true);
		assertThat(this.admin.metrics("jobs").archived()).isOne();
		assertThat(this.pgqrs.dequeue("jobs", 1)).singleElement()
			.satisfies((message) -> assertThat(message.attempt()).isOne());
	}

	@Test
	void anInterruptThatATaskLeavesBehindDoesNoHarm() {
		start("patient", options(), new Accountant((message, shutdown) -> {
			Thread.currentThread().interrupt();
			if (message.payload(Integer.class) == 3) {
				throw new IllegalStateException("a defect");
			}
			return true;
		}));
		this.pgqrs.enqueueAll("patient", List.of(1, 2, 3, 4, 5));
		awaitCompleted("patient", 4);
		await(() -> assertThat(this.admin.metrics("patient").delayed()).isOne());
	}

	@Test
	void itWorksInAContainerThatDoesNotKnowItsKind() {
		Queue<Boolean> stopping = new ConcurrentLinkedQueue<>();
		AccountingListener listener = new Accountant((message, shutdown) -> {
			stopping.addAll(List.of(shutdown.isRequested(), shutdown.isForced()));
			return message.payload(String.class).equals("done");
		});
		start(options().ackMode(AckMode.MANUAL).batch(true), listener::onMessages);
		List<Long> ids = this.pgqrs.enqueueAll("jobs", List.of("done", "undone", "done"));
		awaitCompleted("jobs", 2);
		assertThat(this.performed).hasSize(3);
		assertThat(this.settled).containsExactly(List.of(ids.get(0)), List.of(ids.get(2)));
		assertThat(this.admin.metrics("jobs").inFlight()).isOne();
		assertThat(stopping).containsOnly(false);
	}

	@Test
	void batchesAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> start(options().batch(true), new Accountant((message, shutdown) -> true)))
			.withMessageContaining("Listener 'l'")
			.withMessageContaining("'batch'");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ON_SUCCESS")
	void otherAckModesAreRefused(AckMode ackMode) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> start(options().ackMode(ackMode), new Accountant((message, shutdown) -> true)))
			.withMessageContaining("Listener 'l'")
			.withMessageContaining(ackMode.name());
	}

	@Test
	void anErrorHandlerIsRefused() {
		PgqrsListenerEndpoint endpoint = new PgqrsListenerEndpoint("l", List.of("jobs"),
				new Accountant((message, shutdown) -> true), (messages, exception) -> {
				}, null, null, null, null, null, null, null, null);
		assertThatIllegalArgumentException().isThrownBy(() -> this.factory.createContainer(endpoint))
			.withMessageContaining("Listener 'l'")
			.withMessageContaining("error handler");
	}

	/** While handlers are quick, a container claims more than they can begin. */
	private void letItClaimAhead() {
		this.pgqrs.enqueueAll("jobs", Stream.generate(() -> "quick").limit(200).toList());
		awaitCompleted("jobs", 200);
	}

	private ContainerOptions.Builder options() {
		return ContainerOptions.builder().pollInterval(Duration.ofMillis(200));
	}

	private PgqrsListenerContainer start(PgqrsMessageListener listener) {
		return start("jobs", options(), listener);
	}

	private PgqrsListenerContainer start(ContainerOptions.Builder options, PgqrsMessageListener listener) {
		return start("jobs", options, listener);
	}

	private PgqrsListenerContainer start(String queue, ContainerOptions.Builder options,
			PgqrsMessageListener listener) {
		this.factory.setOptions(options.build());
		PgqrsListenerContainer container = this.factory
			.createContainer(PgqrsListenerEndpoint.of("l", List.of(queue), listener));
		this.containers.add(container);
		container.start();
		return container;
	}

	private void awaitCompleted(String queue, int count) {
		await(() -> assertThat(this.admin.metrics(queue).archived()).isEqualTo(count));
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<Long> ids(Collection<QueueMessage> messages) {
		return messages.stream().map(QueueMessage::id).toList();
	}

	/** What a test does about a message. */
	@FunctionalInterface
	private interface Performance {

		boolean perform(QueueMessage message, Shutdown shutdown);

	}

	/** A task that knows its message. */
	private record MessageTask(QueueMessage message, AccountingListener.Task work) implements AccountingListener.Task {

		@Override
		public boolean perform(Shutdown shutdown) {
			return this.work.perform(shutdown);
		}

	}

	/** Keeps a diary, and settles by completing. */
	private class Accountant implements AccountingListener {

		private final Performance performance;

		Accountant(Performance performance) {
			this.performance = performance;
		}

		@Override
		public List<? extends Task> take(List<QueueMessage> messages) {
			AccountingListenerContract.this.taken.add(ids(messages));
			return messages.stream()
				.map((message) -> new MessageTask(message, (shutdown) -> perform(message, shutdown)))
				.toList();
		}

		private boolean perform(QueueMessage message, Shutdown shutdown) {
			AccountingListenerContract.this.performed.add(message);
			return this.performance.perform(message, shutdown);
		}

		@Override
		public Set<Long> settle(List<? extends Task> tasks) {
			List<QueueMessage> messages = tasks.stream().map((task) -> ((MessageTask) task).message()).toList();
			AccountingListenerContract.this.settled.add(ids(messages));
			return AccountingListenerContract.this.store.messages()
				.complete(messages.stream().map(QueueMessage::lease).toList(), true);
		}

	}

}
