package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.pgqrs.store.MessageStore.Death;
import io.pgqrs.store.MessageStore.Release;
import io.pgqrs.support.FailureReport;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** What every backend promises. Each test has a queue of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StoreContract {

	protected static final Duration LEASE = Duration.ofSeconds(30);

	protected static final int MAX_ATTEMPTS = 3;

	protected static final long WORKER = 7;

	protected static final String ERROR = FailureReport.of("Test", "given up");

	private final AtomicInteger queues = new AtomicInteger();

	protected TestDatabase database;

	protected PgqrsStore store;

	/** The queue of this test. */
	protected String queue;

	protected abstract TestDatabase open();

	@BeforeAll
	void openDatabase() {
		this.database = open();
		this.store = this.database.store();
	}

	@AfterAll
	void closeDatabase() {
		this.database.close();
	}

	@BeforeEach
	void createQueue() {
		this.queue = newQueue();
	}

	protected String newQueue() {
		String name = "queue-" + this.queues.incrementAndGet();
		this.store.queues().create(name, settings());
		return name;
	}

	protected static QueueSettings settings() {
		return new QueueSettings(LEASE, MAX_ATTEMPTS, Duration.ofSeconds(1), 2, Duration.ofMinutes(5), true,
				Duration.ofDays(7), Duration.ofDays(30));
	}

	protected long enqueue() {
		return enqueue(1).get(0);
	}

	protected List<Long> enqueue(int count) {
		return enqueue(count, 0, Duration.ZERO);
	}

	protected List<Long> enqueue(int count, int priority, Duration delay) {
		List<String> payloads = IntStream.range(0, count).mapToObj(Integer::toString).toList();
		return this.store.messages().enqueue(new Enqueue(this.queue, payloads, null, priority, delay, null, null));
	}

	protected long enqueue(int priority, Duration delay) {
		return enqueue(1, priority, delay).get(0);
	}

	protected long enqueueAt(Instant at) {
		return this.store.messages().enqueue(new Enqueue(this.queue, List.of("1"), null, 0, null, at, null)).get(0);
	}

	protected long enqueueOnce(String key) {
		return this.store.messages().enqueue(new Enqueue(this.queue, List.of("1"), null, 0, null, null, key)).get(0);
	}

	/** What a new consumer gets. */
	protected Claims claim(int limit) {
		return claimer().claim(new Claim(limit, WORKER, null, null));
	}

	protected List<Long> claimIds(int limit) {
		return ids(claim(limit));
	}

	/** The only message that is due. */
	protected ClaimedMessage claimOne() {
		List<ClaimedMessage> messages = claim(2).messages();
		if (messages.size() != 1) {
			throw new AssertionError("Expected one message to be due, but got " + messages);
		}
		return messages.get(0);
	}

	protected Claimer claimer() {
		return this.store.messages().claimer(this.queue);
	}

	protected boolean complete(Lease lease) {
		return !this.store.messages().complete(List.of(lease), false).isEmpty();
	}

	protected boolean archive(Lease lease) {
		return !this.store.messages().complete(List.of(lease), true).isEmpty();
	}

	protected boolean release(Lease lease, Duration delay) {
		return !this.store.messages().release(List.of(new Release(lease, delay, false))).isEmpty();
	}

	protected boolean fail(Lease lease, Duration delay) {
		return !this.store.messages().release(List.of(new Release(lease, delay, true))).isEmpty();
	}

	protected boolean extend(Lease lease, Duration visibility) {
		return !this.store.messages().extend(List.of(lease), visibility).isEmpty();
	}

	protected boolean deadLetter(Lease lease) {
		return !this.store.messages().deadLetter(List.of(new Death(lease, ERROR))).isEmpty();
	}

	/** Enqueues, claims and gives up. */
	protected long deadLetter() {
		enqueue();
		Lease lease = claimOne().lease();
		deadLetter(lease);
		return lease.messageId();
	}

	protected List<Long> deadLetters() {
		return this.store.deadLetters().find(this.queue, 100_000).stream().map(DeadLetterRecord::id).toList();
	}

	protected QueueCounts counts() {
		return this.store.queues().counts(this.queue).get(0);
	}

	/** Rows of a table that belong to the queue of this test. */
	protected long rows(String table) {
		return this.database
			.sql("SELECT count(*) FROM " + table
					+ " WHERE queue_id = (SELECT id FROM pgqrs_queues WHERE name = :queue)")
			.param("queue", this.queue)
			.query(Long.class)
			.single();
	}

	protected Map<String, Object> message(long id) {
		return this.database.sql("SELECT * FROM pgqrs_messages WHERE id = :id").param("id", id).query().singleRow();
	}

	protected static List<Long> ids(Claims claims) {
		return claims.messages().stream().map((message) -> message.lease().messageId()).toList();
	}

	protected static List<Lease> leases(Claims claims) {
		return claims.messages().stream().map(ClaimedMessage::lease).toList();
	}

	protected static Set<Long> ids(List<Lease> leases) {
		return leases.stream().map(Lease::messageId).collect(Collectors.toSet());
	}

	/** Runs the same work in several threads at once. */
	protected static <T> List<T> concurrently(int threads, Callable<T> work) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<T> results = new ArrayList<>();
			for (Future<T> future : executor.invokeAll(Collections.nCopies(threads, work))) {
				results.add(future.get());
			}
			return results;
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
		finally {
			executor.shutdownNow();
		}
	}

}
