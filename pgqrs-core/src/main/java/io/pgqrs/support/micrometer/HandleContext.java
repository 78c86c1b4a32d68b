package io.pgqrs.support.micrometer;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/**
 * A call of a handler. The carrier is the headers of its messages; where they differ,
 * there is no one trace to go on with.
 *
 * @since 0.1
 */
public final class HandleContext extends ReceiverContext<Map<String, String>> {

	/** The listener of a handler that is none. */
	public static final String NO_LISTENER = "none";

	private final String queue;

	private final String listener;

	private final List<Long> messages;

	/**
	 * A call to come.
	 * @param queue name of the queue
	 * @param listener id of the listener, or {@link #NO_LISTENER}
	 * @param messages ids of the messages, at least one
	 * @param headers of these messages
	 */
	public HandleContext(String queue, String listener, List<Long> messages, List<Map<String, String>> headers) {
		super((carrier, name) -> Objects.requireNonNull(carrier).get(name), Kind.CONSUMER);
		this.queue = queue;
		this.listener = listener;
		this.messages = messages;
		Set<Map<String, String>> distinct = new HashSet<>(headers);
		setCarrier((distinct.size() == 1) ? distinct.iterator().next() : Map.of());
	}

	/**
	 * The queue.
	 * @return its name
	 */
	public String getQueue() {
		return this.queue;
	}

	/**
	 * The listener.
	 * @return its id, or {@link #NO_LISTENER}
	 */
	public String getListener() {
		return this.listener;
	}

	/**
	 * The messages.
	 * @return their ids, at least one
	 */
	public List<Long> getMessages() {
		return this.messages;
	}

}
