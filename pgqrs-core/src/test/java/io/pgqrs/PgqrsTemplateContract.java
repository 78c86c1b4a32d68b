package io.pgqrs;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.pgqrs.support.PayloadJson;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What the template and the admin promise, on each backend. */
abstract class PgqrsTemplateContract {

	private TestDatabase database;

	private WakeUps wakeUps;

	private PgqrsTemplate pgqrs;

	private PgqrsAdmin admin;

	abstract TestDatabase createDatabase();

	@BeforeEach
	void open() {
		this.database = createDatabase();
		this.wakeUps = new WakeUps(this.database.store().wakeUps());
		QueueCatalog catalog = catalog(QueueNotFoundStrategy.CREATE);
		this.pgqrs = template(catalog);
		this.admin = new PgqrsAdmin(this.database.store(), catalog, this.wakeUps);
	}

	@AfterEach
	void close() {
		this.wakeUps.close();
		this.database.close();
	}

	private QueueCatalog catalog(QueueNotFoundStrategy strategy) {
		return new QueueCatalog(this.database.store().queues(), strategy, List
			.of(QueueDefinition.named("declared").maxAttempts(2).backoff(Duration.ofHours(1), 1, Duration.ofHours(1))));
	}

	private PgqrsTemplate template(QueueCatalog catalog) {
		return new PgqrsTemplate(this.database.store(), catalog, this.wakeUps, new PayloadJson(JsonMapper.shared()));
	}

	record Order(long id, String customer, List<String> items, Instant at) {
	}

	@Test
	void aPayloadComesBackAsItWasSent() {
		Order order = new Order(Long.MAX_VALUE, "Zoë \"Ω\" 💡 \\ \n", List.of("a", "b"), Instant.EPOCH);
		long id = this.pgqrs.enqueue("orders", order);
		QueueMessage message = this.pgqrs.dequeue("orders", 1).get(0);
		assertThat(message.id()).isEqualTo(id);
		assertThat(message.queue()).isEqualTo("orders");
		assertThat(message.attempt()).isOne();
		assertThat(message.payload(Order.class)).isEqualTo(order);
		assertThat(message.headers()).isEmpty();
		assertThat(message.visibleUntil()).isAfter(message.enqueuedAt().plusSeconds(25));
	}

	@Test
	void payloadsMayBeGenericTextNumbersOrTrees() {
		this.pgqrs.enqueueAll("any",
				List.of(List.of(Map.of("a", 1)), "text", 42, JsonMapper.shared().createObjectNode()));
		List<QueueMessage> messages = this.pgqrs.dequeue("any", 10);
		assertThat(messages.get(0).payload(new ParameterizedTypeReference<List<Map<String, Integer>>>() {
		})).containsExactly(Map.of("a", 1));
		assertThat(messages.get(1).payload(String.class)).isEqualTo("text");
		assertThat(messages.get(2).payload(int.class)).isEqualTo(42);
		assertThat(messages.get(3).payload(String.class)).isEqualTo("{}");
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> messages.get(1).payload(Order.class))
			.withMessageContaining("'any'")
			.withMessageContaining("Order");
	}

	@Test
	void aSpecSetsDelayPriorityHeadersAndKey() {
		long later = this.pgqrs.enqueue().message("later").to("q").delay(Duration.ofMinutes(5)).send();
		long at = this.pgqrs.enqueue().message("at").to("q").at(Instant.now().plusSeconds(3_000)).send();
		long low = this.pgqrs.enqueue().message("low").to("q").at(Instant.EPOCH).send();
		long high = this.pgqrs.enqueue()
			.message("high")
			.to("q")
			.priority(10)
			.header("tenant", "acme")
			.headers(Map.of("trace", "1"))
			.deduplicationKey("order-42")
			.send();
		assertThat(this.pgqrs.enqueue().message("again").to("q").deduplicationKey("order-42").send()).isEqualTo(high);
		List<QueueMessage> now = this.pgqrs.dequeue()
			.from("q")
			.batch(10)
			.visibilityTimeout(Duration.ofHours(2))
			.fetch();
		assertThat(now).extracting(QueueMessage::id).containsExactly(high, low);
		assertThat(now.get(0).headers()).isEqualTo(Map.of("tenant", "acme", "trace", "1"));
		assertThat(now.get(0).priority()).isEqualTo(10);
		this.database.elapse(Duration.ofMinutes(6));
		assertThat(template(catalog(QueueNotFoundStrategy.CREATE)).dequeue("q", 10)).extracting(QueueMessage::id)
			.containsExactly(later);
		this.database.elapse(Duration.ofMinutes(50));
		assertThat(template(catalog(QueueNotFoundStrategy.CREATE)).dequeue("q", 10)).extracting(QueueMessage::id)
			.containsOnlyOnce(at);
	}

	@Test
	void manyPayloadsAreEnqueuedAllOrNone() {
		List<Long> ids = this.pgqrs.enqueueAll("q", IntStream.range(0, 2_500).boxed().toList());
		assertThat(ids).hasSize(2_500).isSorted().doesNotHaveDuplicates();
		assertThat(this.pgqrs.enqueueAll("q", List.of())).isEmpty();
		List<Object> withBad = new ArrayList<>(IntStream.range(0, 2_500).boxed().toList());
		withBad.add(new Cycle());
		assertThatExceptionOfType(PayloadSerializationException.class)
			.isThrownBy(() -> this.pgqrs.enqueueAll("q", withBad));
		assertThat(this.admin.metrics("q").ready()).isEqualTo(2_500);
	}

	@Test
	void everythingJoinsTheCallersTransaction() {
		this.admin.createQueue("q");
		assertThatIllegalStateException()
			.isThrownBy(() -> this.database.transaction().executeWithoutResult((status) -> {
				this.pgqrs.enqueue("q", "x");
				assertThat(this.pgqrs.dequeue("q", 1)).hasSize(1);
				throw new IllegalStateException("rolls back");
			}));
		assertThat(this.admin.metrics("q").ready()).isZero();
		this.database.transaction().executeWithoutResult((status) -> this.pgqrs.enqueue("q", "x"));
		QueueMessage claimed = this.database.transaction().execute((status) -> {
			QueueMessage message = this.pgqrs.dequeue("q", 1).get(0);
			assertThat(this.pgqrs.archive(message)).isTrue();
			status.setRollbackOnly();
			return message;
		});
		assertThat(this.pgqrs.archive(claimed)).isFalse();
		assertThat(this.pgqrs.dequeue("q", 1)).extracting(QueueMessage::attempt).containsExactly(1);
	}

	@Test
	void aQueueThatARolledBackTransactionCreatedIsCreatedAgain() {
		this.database.transaction().executeWithoutResult((status) -> {
			this.pgqrs.enqueue("fresh", "x");
			status.setRollbackOnly();
		});
		assertThat(this.admin.queues()).isEmpty();
		this.pgqrs.enqueue("fresh", "x");
		assertThat(this.pgqrs.dequeue("fresh", 1)).hasSize(1);
	}

	@Test
	void anUnknownQueueIsCreatedAsItsDefinitionSays() {
		this.pgqrs.enqueue("declared", "x");
		this.pgqrs.enqueue("other", "x");
		assertThat(this.admin.queue("declared").maxAttempts()).isEqualTo(2);
		assertThat(this.admin.queue("other").maxAttempts()).isEqualTo(5);
		assertThat(this.pgqrs.dequeue("empty", 1)).isEmpty();
		assertThat(this.admin.queues()).extracting(QueueInfo::name).containsExactly("declared", "empty", "other");
	}

	@Test
	void anUnknownQueueMayBeRefused() {
		PgqrsTemplate strict = template(catalog(QueueNotFoundStrategy.FAIL));
		assertThatExceptionOfType(QueueNotFoundException.class).isThrownBy(() -> strict.enqueue("emial", "x"))
			.withMessage("Queue 'emial' does not exist. Create it with PgqrsAdmin.createQueue or under pgqrs.queues.*");
		assertThatExceptionOfType(QueueNotFoundException.class).isThrownBy(() -> strict.dequeue("emial", 1));
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> strict.dequeue().from("emial").handle((message) -> {
			}));
		strict.enqueue("declared", "x");
		assertThat(strict.dequeue("declared", 1)).hasSize(1);
	}

	@Test
	void badNamesAreRefused() {
		for (String name : Arrays.asList(null, "", "  ", "x".repeat(201), "a\0b", "a\nb", "a\udc00")) {
			refused("name of a queue", () -> this.pgqrs.enqueue(name, "x"));
			refused("name of a queue", () -> this.pgqrs.enqueueAll(name, List.of("x")));
			refused("name of a queue", () -> this.pgqrs.dequeue(name, 1));
			refused("name of a queue", () -> this.pgqrs.dequeue().from(name));
			refused("name of a queue", () -> this.admin.createQueue(name));
			refused("name of a queue", () -> this.admin.metrics(name));
		}
		String longest = "x".repeat(200);
		this.pgqrs.enqueue(longest, "x");
		assertThat(this.pgqrs.dequeue(longest, 1)).hasSize(1);
		assertThat(this.admin.queues()).hasSize(1);
	}

	@Test
	void badArgumentsAreRefusedAndNothingIsDone() {
		this.admin.createQueue("q");
		refused("null", () -> this.pgqrs.enqueue("q", null));
		refused("null", () -> this.pgqrs.enqueueAll("q", Arrays.asList("x", null)));
		refused("'delay' must not be negative", () -> this.pgqrs.enqueue().delay(Duration.ofMillis(-1)));
		refused("hundred years", () -> this.pgqrs.enqueue().delay(Duration.ofDays(100_000)));
		refused("hundred years", () -> this.pgqrs.enqueue().at(Instant.MAX.minusSeconds(1)));
		refused("either delay(..) or at(..)",
				() -> this.pgqrs.enqueue().message("x").to("q").delay(Duration.ZERO).at(Instant.now()).send());
		refused("Nothing to enqueue", () -> this.pgqrs.enqueue().to("q").sendAll());
		refused("No queue", () -> this.pgqrs.enqueue().message("x").send());
		refused("sendAll()", () -> this.pgqrs.enqueue().messages(List.of("x")).to("q").send());
		refused("for one message",
				() -> this.pgqrs.enqueue().messages(List.of("x", "y")).to("q").deduplicationKey("k").sendAll());
		refused("deduplication key", () -> this.pgqrs.enqueue().deduplicationKey(" "));
		refused("reserved", () -> this.pgqrs.enqueue().header("pgqrs_id", "1"));
		refused("U+0000", () -> this.pgqrs.enqueue().header("a", "\0"));
		refused("surrogate", () -> this.pgqrs.enqueue().header("a", "\ud800"));
		refused("handler", () -> this.pgqrs.dequeue().from("q").handle(null));
		refused("'limit' must be at least 1", () -> this.pgqrs.dequeue("q", 0));
		refused("'limit' must be at least 1", () -> this.pgqrs.dequeue().from("q").batch(-1));
		refused("'visibilityTimeout'", () -> this.pgqrs.dequeue().from("q").visibilityTimeout(Duration.ZERO));
		refused("'limit' must be at least 1", () -> this.admin.deadLetters("q", 0));
		this.pgqrs.enqueue("q", "x");
		QueueMessage message = this.pgqrs.dequeue("q", 1).get(0);
		refused("'delay' must not be negative", () -> this.pgqrs.release(message, Duration.ofMillis(-1)));
		refused("'visibility'", () -> this.pgqrs.extend(message, Duration.ZERO));
		assertThat(this.admin.metrics("q").inFlight()).isOne();
		assertThat(this.pgqrs.archive(message)).isTrue();
	}

	@Test
	void payloadsThatCannotBeStoredAreRefused() {
		this.admin.createQueue("q");
		assertThatExceptionOfType(PayloadSerializationException.class)
			.isThrownBy(() -> this.pgqrs.enqueue("q", new Cycle()))
			.withMessageContaining(Cycle.class.getName())
			.withMessageContaining("'q'");
		assertThatExceptionOfType(PayloadSerializationException.class).isThrownBy(() -> this.pgqrs.enqueue("q", "a\0b"))
			.withMessageContaining("U+0000");
		assertThatExceptionOfType(PayloadSerializationException.class)
			.isThrownBy(() -> this.pgqrs.enqueue("q", "a\ud800b"))
			.withMessageContaining("surrogate");
		this.pgqrs.enqueue("q", "a\\u0000b");
		assertThat(this.pgqrs.dequeue("q", 10)).singleElement()
			.satisfies((message) -> assertThat(message.payload(String.class)).isEqualTo("a\\u0000b"));
	}

	@Test
	void thePayloadSizeIsLimited() {
		this.admin.createQueue("q");
		this.pgqrs.enqueue("q", "x".repeat(1024 * 1024 - 2));
		assertThatExceptionOfType(PayloadTooLargeException.class)
			.isThrownBy(() -> this.pgqrs.enqueue("q", "x".repeat(1024 * 1024 - 1)))
			.withMessageContaining("1048577")
			.withMessageContaining("pgqrs.max-payload-size");
		this.pgqrs.setMaxPayloadSize(10);
		this.pgqrs.enqueue("q", "éé💡");
		assertThatExceptionOfType(PayloadTooLargeException.class).isThrownBy(() -> this.pgqrs.enqueue("q", "éé💡x"));
		assertThat(this.admin.metrics("q").ready()).isEqualTo(2);
	}

	@Test
	void aMessageIsSettledOnce() {
		this.pgqrs.enqueueAll("q", List.of(1, 2, 3, 4));
		List<QueueMessage> messages = this.pgqrs.dequeue("q", 4);
		assertThat(this.pgqrs.archive(messages.get(0))).isTrue();
		assertThat(this.pgqrs.archive(messages.get(0))).isFalse();
		assertThat(this.pgqrs.delete(messages.get(1))).isTrue();
		assertThat(this.pgqrs.extend(messages.get(2), Duration.ofHours(1))).isTrue();
		assertThat(this.pgqrs.release(messages.get(3), Duration.ZERO)).isTrue();
		assertThat(this.pgqrs.archive(messages.get(3))).isFalse();
		assertThat(this.pgqrs.archiveAll(messages)).isOne();
		assertThat(this.pgqrs.deleteAll(messages)).isZero();
		assertThat(this.pgqrs.archiveAll(List.of())).isZero();
		assertThat(this.pgqrs.dequeue("q", 4)).singleElement()
			.satisfies((message) -> assertThat(message.attempt()).isOne());
		assertThat(this.admin.metrics("q").archived()).isEqualTo(2);
	}

	@Test
	void aLeaseThatWasTakenOverSettlesNothing() {
		this.pgqrs.enqueue("q", "x");
		QueueMessage stale = this.pgqrs.dequeue("q", 1).get(0);
		this.database.elapse(Duration.ofSeconds(31));
		QueueMessage fresh = template(catalog(QueueNotFoundStrategy.CREATE)).dequeue("q", 1).get(0);
		assertThat(fresh.attempt()).isEqualTo(2);
		assertThat(this.pgqrs.archive(stale)).isFalse();
		assertThat(this.pgqrs.delete(stale)).isFalse();
		assertThat(this.pgqrs.release(stale, Duration.ZERO)).isFalse();
		assertThat(this.pgqrs.extend(stale, Duration.ofHours(1))).isFalse();
		assertThat(this.pgqrs.archive(fresh)).isTrue();
	}

	@Test
	void aPollReturnsWhenSomethingArrives() throws Exception {
		this.admin.createQueue("q");
		CountDownLatch polling = new CountDownLatch(1);
		CompletableFuture<List<QueueMessage>> polled = CompletableFuture.supplyAsync(() -> {
			polling.countDown();
			return this.pgqrs.dequeue().from("q").batch(5).poll(Duration.ofSeconds(20));
		});
		polling.await();
		this.database.transaction().executeWithoutResult((status) -> this.pgqrs.enqueue("q", "x"));
		assertThat(polled.get(10, TimeUnit.SECONDS)).hasSize(1);
	}

	@Test
	void aPollEndsWhenItsTimeIsUp() {
		assertThat(this.pgqrs.dequeue().from("q").poll(Duration.ofMillis(50))).isEmpty();
		assertThat(this.pgqrs.dequeue().from("q").poll(Duration.ZERO)).isEmpty();
	}

	@Test
	void handlingArchivesWhatReturnsAndRetriesWhatThrows() {
		this.pgqrs.enqueueAll("declared", List.of("good", "bad", "good"));
		int handled = this.pgqrs.dequeue().from("declared").batch(10).handle((message) -> {
			if (message.payload(String.class).equals("bad")) {
				throw new IOException("disk");
			}
		});
		assertThat(handled).isEqualTo(2);
		assertThat(this.admin.metrics("declared").archived()).isEqualTo(2);
		assertThat(this.admin.metrics("declared").delayed()).isOne();
		this.database.elapse(Duration.ofHours(2));
		template(catalog(QueueNotFoundStrategy.CREATE)).dequeue().from("declared").handle((message) -> {
			assertThat(message.attempt()).isEqualTo(2);
			throw new IOException("disk");
		});
		assertThat(this.admin.deadLetters("declared", 10)).singleElement().satisfies((letter) -> {
			assertThat(letter.attempts()).isEqualTo(2);
			assertThat(letter.error()).contains("disk");
		});
	}

	@Test
	void handlingThatIsInterruptedGivesTheRestBack() {
		this.pgqrs.enqueueAll("q", List.of(1, 2, 3));
		int handled = this.pgqrs.dequeue().from("q").batch(3).handle((message) -> {
			if (message.payload(int.class) == 2) {
				throw new InterruptedException();
			}
		});
		assertThat(Thread.interrupted()).isTrue();
		assertThat(handled).isOne();
		assertThat(this.pgqrs.dequeue("q", 3)).hasSize(2).allMatch((message) -> message.attempt() == 1);
	}

	@Test
	void queuesAreCreatedListedAndDeleted() {
		QueueInfo created = this.admin.createQueue(QueueDefinition.named("emails")
			.visibilityTimeout(Duration.ofSeconds(10))
			.maxAttempts(7)
			.onSuccess(OnSuccess.DELETE)
			.backoff(Duration.ofMillis(5), 3, Duration.ofSeconds(7))
			.retention(Duration.ofDays(1))
			.deadLetterRetention(Duration.ofDays(2)));
		assertThat(created.visibilityTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(created.maxAttempts()).isEqualTo(7);
		assertThat(created.onSuccess()).isEqualTo(OnSuccess.DELETE);
		assertThat(created.retention()).isEqualTo(Duration.ofDays(1));
		assertThat(this.admin.queues()).containsExactly(created);
		assertThatExceptionOfType(QueueAlreadyExistsException.class).isThrownBy(() -> this.admin.createQueue("emails"));
		this.pgqrs.enqueue("emails", "x");
		assertThatExceptionOfType(QueueNotEmptyException.class).isThrownBy(() -> this.admin.deleteQueue("emails"));
		assertThat(this.admin.purgeQueue("emails")).isOne();
		this.admin.deleteQueue("emails");
		assertThat(this.admin.queues()).isEmpty();
		for (Runnable call : List.<Runnable>of(() -> this.admin.deleteQueue("emails"),
				() -> this.admin.purgeQueue("emails"), () -> this.admin.pauseQueue("emails"),
				() -> this.admin.resumeQueue("emails"), () -> this.admin.metrics("emails"),
				() -> this.admin.deadLetters("emails", 1), () -> this.admin.replayAll("emails"),
				() -> this.admin.purgeDeadLetters("emails"), () -> this.admin.queue("emails"))) {
			assertThatExceptionOfType(QueueNotFoundException.class).isThrownBy(call::run);
		}
	}

	@Test
	void metricsTellWhatAQueueHolds() {
		this.pgqrs.enqueueAll("q", List.of(1, 2, 3, 4, 5));
		this.pgqrs.enqueue().message(6).to("q").delay(Duration.ofHours(1)).send();
		List<QueueMessage> claimed = this.pgqrs.dequeue("q", 2);
		this.pgqrs.archive(claimed.get(0));
		this.database.elapse(Duration.ofSeconds(5));
		QueueMetrics metrics = this.admin.metrics("q");
		assertThat(metrics.ready()).isEqualTo(3);
		assertThat(metrics.inFlight()).isOne();
		assertThat(metrics.delayed()).isOne();
		assertThat(metrics.archived()).isOne();
		assertThat(metrics.dead()).isZero();
		assertThat(metrics.oldestReadyAge()).isBetween(Duration.ofSeconds(5), Duration.ofMinutes(1));
		this.admin.pauseQueue("q");
		assertThat(this.admin.metrics()).singleElement().satisfies((paused) -> assertThat(paused.paused()).isTrue());
	}

	@Test
	void theSchemaIsVerifiedAndInstalled() {
		this.admin.verify();
		this.admin.install();
		this.admin.verify();
	}

	@Test
	void manyThreadsThatEnqueueDequeueAndWriteDoNotDisturbEachOther() throws Exception {
		int threads = 32;
		int each = 30;
		this.database.sql("CREATE TABLE pgqrs_test_writes (thread integer NOT NULL)").update();
		this.admin.createQueue("q");
		Queue<Long> completed = new ConcurrentLinkedQueue<>();
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> futures = new ArrayList<>();
			for (int thread = 0; thread < threads; thread++) {
				int number = thread;
				futures.add(executor.submit(() -> {
					for (int i = 0; i < each; i++) {
						this.database.transaction().executeWithoutResult((status) -> {
							this.database.sql("SELECT count(*) FROM pgqrs_test_writes").query(Long.class).single();
							this.database.sql("INSERT INTO pgqrs_test_writes VALUES (:thread)")
								.param("thread", number)
								.update();
							this.pgqrs.enqueue("q", number);
						});
						this.pgqrs.dequeue("q", 2)
							.stream()
							.filter(this.pgqrs::delete)
							.forEach((message) -> completed.add(message.id()));
					}
				}));
			}
			for (Future<?> future : futures) {
				future.get(120, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
		Stream.generate(() -> this.pgqrs.dequeue("q", 50))
			.takeWhile((messages) -> !messages.isEmpty())
			.forEach((messages) -> messages.forEach((message) -> completed.add(message.id())));
		assertThat(completed).hasSize(threads * each).doesNotHaveDuplicates();
		assertThat(this.database.sql("SELECT count(*) FROM pgqrs_test_writes").query(Long.class).single())
			.isEqualTo(threads * each);
	}

	private static void refused(String message, Runnable call) {
		assertThatExceptionOfType(InvalidArgumentException.class).isThrownBy(call::run).withMessageContaining(message);
	}

	/** Cannot be written as JSON. */
	static final class Cycle {

		public Cycle getSelf() {
			return this;
		}

	}

}
