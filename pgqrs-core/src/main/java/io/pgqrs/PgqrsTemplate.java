package io.pgqrs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.pgqrs.store.Claim;
import io.pgqrs.store.Claimer;
import io.pgqrs.store.Claims;
import io.pgqrs.store.Enqueue;
import io.pgqrs.store.Lease;
import io.pgqrs.store.MessageStore;
import io.pgqrs.store.MessageStore.Release;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.support.micrometer.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * The queue on a {@link PgqrsStore}. Thread-safe once it is configured.
 *
 * @since 0.1
 */
public class PgqrsTemplate implements PgqrsOperations {

	/** Payloads per statement. */
	private static final int CHUNK = 1_000;

	/** Messages per claim: a statement that takes more holds up others. */
	private static final int MAX_CLAIM = 10_000;

	private final PgqrsStore store;

	private final QueueCatalog catalog;

	private final WakeUps wakeUps;

	private final PayloadWriter payloads;

	private final PayloadJson json;

	private final Map<String, Claimer> claimers = new ConcurrentHashMap<>();

	private FailurePolicy failurePolicy = new BackoffFailurePolicy();

	private Instrumentation instrumentation = Instrumentation.NONE;

	/**
	 * Makes a template.
	 * @param store the backend
	 * @param catalog the queues
	 * @param wakeUps is told of what is enqueued
	 * @param json writes and reads payloads
	 */
	public PgqrsTemplate(PgqrsStore store, QueueCatalog catalog, WakeUps wakeUps, PayloadJson json) {
		this.store = store;
		this.catalog = catalog;
		this.wakeUps = wakeUps;
		this.json = json;
		this.payloads = new PayloadWriter(json);
	}

	/**
	 * Sets the largest payload that is accepted.
	 * @param bytes of JSON in UTF-8, at least 1; default 1 MiB
	 */
	public void setMaxPayloadSize(long bytes) {
		this.payloads.setMaxSize(bytes);
	}

	/**
	 * Sets what {@link DequeueSpec#handle} does about a message whose handler threw.
	 * @param failurePolicy default is a {@link BackoffFailurePolicy}
	 */
	public void setFailurePolicy(FailurePolicy failurePolicy) {
		this.failurePolicy = failurePolicy;
	}

	/**
	 * Sets where to report what is enqueued and handled.
	 * @param instrumentation default is {@link Instrumentation#NONE}
	 */
	public void setInstrumentation(Instrumentation instrumentation) {
		this.instrumentation = instrumentation;
	}

	@Override
	public long enqueue(String queue, Object payload) {
		return enqueue().message(payload).to(queue).send();
	}

	@Override
	public List<Long> enqueueAll(String queue, Collection<?> payloads) {
		return enqueue().messages(payloads).to(queue).sendAll();
	}

	@Override
	public EnqueueSpec enqueue() {
		return new DefaultEnqueueSpec(this.payloads, this.instrumentation, this::send);
	}

	private List<Long> send(Enqueue messages) {
		List<String> payloads = messages.payloads();
		List<Long> ids = (payloads.size() <= CHUNK) ? sendChunk(messages)
				: this.store.inTransaction(() -> sendChunks(messages));
		this.wakeUps.becomesDue(messages.queue(), (messages.delay() != null) ? messages.delay() : Duration.ZERO);
		return ids;
	}

	private List<Long> sendChunks(Enqueue messages) {
		List<String> payloads = messages.payloads();
		List<Long> ids = new ArrayList<>(payloads.size());
		for (int from = 0; from < payloads.size(); from += CHUNK) {
			ids.addAll(sendChunk(new Enqueue(messages.queue(),
					payloads.subList(from, Math.min(from + CHUNK, payloads.size())), messages.headers(),
					messages.priority(), messages.delay(), messages.at(), messages.deduplicationKey())));
		}
		return ids;
	}

	private List<Long> sendChunk(Enqueue messages) {
		List<Long> ids = this.store.messages().enqueue(messages);
		if (ids.isEmpty()) {
			this.catalog.create(messages.queue());
			ids = this.store.messages().enqueue(messages);
		}
		if (ids.isEmpty()) {
			throw new QueueNotFoundException(messages.queue());
		}
		return ids;
	}

	@Override
	public List<QueueMessage> dequeue(String queue, int limit) {
		return dequeue().from(queue).batch(limit).fetch();
	}

	@Override
	public DequeueSpec dequeue() {
		return new DefaultDequeueSpec(this);
	}

	List<QueueMessage> claim(String queue, int limit, @Nullable Duration visibilityTimeout) {
		Claimer claimer = this.claimers.computeIfAbsent(queue, this.store.messages()::claimer);
		Claims claims = claimer
			.claim(new Claim(Math.min(limit, MAX_CLAIM), Claim.NO_WORKER, visibilityTimeout, null, true, false, false));
		if (!claims.exhausted().isEmpty()) {
			this.instrumentation.events().deadLettered(queue, claims.exhausted().size());
		}
		if (claims.size() == 0 && !this.catalog.isKnown(queue)) {
			this.catalog.get(queue);
		}
		return claims.messages().stream().map((claimed) -> new QueueMessage(queue, claimed, this.json)).toList();
	}

	QueueCatalog catalog() {
		return this.catalog;
	}

	WakeUps wakeUps() {
		return this.wakeUps;
	}

	FailurePolicy failurePolicy() {
		return this.failurePolicy;
	}

	Instrumentation instrumentation() {
		return this.instrumentation;
	}

	MessageStore messages() {
		return this.store.messages();
	}

	@Override
	public boolean archive(QueueMessage message) {
		return archiveAll(List.of(message)) == 1;
	}

	@Override
	public int archiveAll(Collection<QueueMessage> messages) {
		return complete(messages, true);
	}

	@Override
	public boolean delete(QueueMessage message) {
		return deleteAll(List.of(message)) == 1;
	}

	@Override
	public int deleteAll(Collection<QueueMessage> messages) {
		return complete(messages, false);
	}

	private int complete(Collection<QueueMessage> messages, boolean archive) {
		if (messages.isEmpty()) {
			return 0;
		}
		Set<Lease> leases = new LinkedHashSet<>();
		messages.forEach((message) -> leases.add(message.lease()));
		return this.store.messages().complete(leases, archive).size();
	}

	@Override
	public boolean release(QueueMessage message, Duration delay) {
		Arguments.notNegative("delay", delay);
		boolean released = !this.store.messages()
			.release(List.of(new Release(message.lease(), delay, false)))
			.isEmpty();
		if (released) {
			this.wakeUps.becomesDue(message.queue(), delay);
		}
		return released;
	}

	@Override
	public boolean extend(QueueMessage message, Duration visibility) {
		Arguments.positive("visibility", visibility);
		return !this.store.messages().extend(List.of(message.lease()), visibility).isEmpty();
	}

}
