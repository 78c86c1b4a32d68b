package io.pgqrs;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import io.pgqrs.store.Enqueue;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.support.micrometer.Instrumentation;
import org.jspecify.annotations.Nullable;

/** Collects what to enqueue, checks it, and hands it on. */
final class DefaultEnqueueSpec implements EnqueueSpec {

	private final PayloadWriter writer;

	private final Instrumentation instrumentation;

	private final Function<Enqueue, List<Long>> sender;

	private final Map<String, String> headers = new LinkedHashMap<>();

	private @Nullable Collection<?> payloads;

	private boolean single;

	private @Nullable String queue;

	private @Nullable Duration delay;

	private @Nullable Instant at;

	private @Nullable String deduplicationKey;

	private int priority;

	DefaultEnqueueSpec(PayloadWriter writer, Instrumentation instrumentation, Function<Enqueue, List<Long>> sender) {
		this.writer = writer;
		this.instrumentation = instrumentation;
		this.sender = sender;
	}

	@Override
	public EnqueueSpec message(Object payload) {
		Arguments.check(payload != null, () -> "A message needs a payload, but it is null");
		return payloads(List.of(Objects.requireNonNull(payload)), true);
	}

	@Override
	public EnqueueSpec messages(Collection<?> payloads) {
		Arguments.check(payloads != null, () -> "The collection of payloads must not be null");
		return payloads(payloads, false);
	}

	private EnqueueSpec payloads(Collection<?> payloads, boolean single) {
		Arguments.check(this.payloads == null, () -> "Call message(..) or messages(..) once");
		this.payloads = payloads;
		this.single = single;
		return this;
	}

	@Override
	public EnqueueSpec to(String queue) {
		this.queue = Arguments.messageQueueName(queue);
		return this;
	}

	@Override
	public EnqueueSpec delay(Duration delay) {
		this.delay = Arguments.notNegative("delay", delay);
		return this;
	}

	@Override
	public EnqueueSpec at(Instant time) {
		this.at = Arguments.time("at", time);
		return this;
	}

	@Override
	public EnqueueSpec priority(int priority) {
		this.priority = priority;
		return this;
	}

	@Override
	public EnqueueSpec deduplicationKey(String key) {
		this.deduplicationKey = Arguments.name("deduplication key", key);
		return this;
	}

	@Override
	public EnqueueSpec header(String name, String value) {
		Arguments.name("header", name);
		Arguments.check(!name.startsWith("pgqrs_"),
				() -> "Header '" + name + "': names that begin with 'pgqrs_' are reserved");
		Arguments.check(value != null, () -> "The value of header '" + name + "' must not be null");
		Arguments.check(value.indexOf('\0') < 0,
				() -> "The value of header '" + name + "' contains the character U+0000, which no database can hold");
		Arguments.check(!Arguments.hasLoneSurrogate(value),
				() -> "The value of header '" + name + "' contains half of a surrogate pair");
		this.headers.put(name, value);
		return this;
	}

	@Override
	public EnqueueSpec headers(Map<String, String> headers) {
		headers.forEach(this::header);
		return this;
	}

	@Override
	public long send() {
		Arguments.check(this.single, () -> "send() needs message(..); for messages(..) call sendAll()");
		return sendAll().get(0);
	}

	@Override
	public List<Long> sendAll() {
		Collection<?> given = this.payloads;
		if (given == null) {
			throw new InvalidArgumentException("Nothing to enqueue: call message(..) or messages(..)");
		}
		String target = this.queue;
		if (target == null) {
			throw new InvalidArgumentException("No queue to enqueue to: call to(..)");
		}
		Arguments.check(this.delay == null || this.at == null, () -> "Set either delay(..) or at(..), not both");
		Arguments.check(this.deduplicationKey == null || given.size() == 1,
				() -> "A deduplication key is for one message, not for " + given.size());
		if (given.isEmpty()) {
			return List.of();
		}
		List<String> texts = given.stream().map((payload) -> write(target, payload)).toList();
		return this.instrumentation.enqueue(target, texts.size(), this.headers,
				(headers) -> this.sender.apply(new Enqueue(target, texts, PayloadJson.writeHeaders(headers),
						this.priority, this.delay, this.at, this.deduplicationKey)));
	}

	private String write(String target, @Nullable Object payload) {
		if (payload == null) {
			throw new InvalidArgumentException("A message needs a payload, but it is null (queue '" + target + "')");
		}
		return this.writer.write("queue '" + target + "'", payload);
	}

}
