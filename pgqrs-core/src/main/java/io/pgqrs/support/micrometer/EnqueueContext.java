package io.pgqrs.support.micrometer;

import java.util.Map;
import java.util.Objects;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;

/**
 * An enqueue of one or more messages, which is also how a run starts. The carrier is the
 * headers that the messages get.
 *
 * @since 0.1
 */
public final class EnqueueContext extends SenderContext<Map<String, String>> {

	private final String queue;

	private final int messages;

	EnqueueContext(String queue, int messages, Map<String, String> headers) {
		super((carrier, name, value) -> Objects.requireNonNull(carrier).put(name, value), Kind.PRODUCER);
		this.queue = queue;
		this.messages = messages;
		setCarrier(headers);
	}

	/**
	 * The queue.
	 * @return its name
	 */
	public String getQueue() {
		return this.queue;
	}

	/**
	 * How many messages are enqueued at once.
	 * @return at least 1
	 */
	public int getMessages() {
		return this.messages;
	}

}
