package io.pgqrs.listener;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.pgqrs.store.Lease;
import io.pgqrs.store.MessageStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The leases that a container holds. Those that are a third of the visibility timeout old
 * are extended, all of a queue in one statement, so that a long handler keeps its message
 * and a dead process loses it.
 */
final class Leases {

	private static final Log logger = LogFactory.getLog(Leases.class);

	private final MessageStore messages;

	private final Map<Lease, Delivery> held = new ConcurrentHashMap<>();

	Leases(MessageStore messages) {
		this.messages = messages;
	}

	void add(Delivery delivery) {
		this.held.put(delivery.message().lease(), delivery);
	}

	void remove(Collection<Delivery> deliveries) {
		deliveries.forEach((delivery) -> this.held.remove(delivery.message().lease()));
	}

	/** Whether the lease is held, for all that this process can know. */
	boolean holds(Delivery delivery) {
		return this.held.containsKey(delivery.message().lease()) && !delivery.isExpired(System.nanoTime());
	}

	List<Delivery> all() {
		return List.copyOf(this.held.values());
	}

	/** Extends what is old enough. */
	void keep() {
		long now = System.nanoTime();
		Map<ConsumedQueue, List<Delivery>> due = new HashMap<>();
		for (Delivery delivery : this.held.values()) {
			if (delivery.isToBeExtended(now)) {
				due.computeIfAbsent(delivery.queue(), (queue) -> new ArrayList<>()).add(delivery);
			}
		}
		due.forEach(this::extend);
	}

	private void extend(ConsumedQueue queue, List<Delivery> deliveries) {
		long start = System.nanoTime();
		Set<Long> extended = this.messages.extend(
				deliveries.stream().map((delivery) -> delivery.message().lease()).toList(), queue.visibilityTimeout());
		for (Delivery delivery : deliveries) {
			if (extended.contains(delivery.message().id())) {
				delivery.leaseEndsAt(start + queue.visibilityTimeout().toNanos());
			}
			else if (this.held.remove(delivery.message().lease()) != null) {
				logger.warn("Lost the lease of " + delivery.message()
						+ ": it is delivered again, or was handled elsewhere");
			}
		}
	}

	/** How often to call {@link #keep()}, in nanoseconds. */
	long interval(ConsumedQueue queue) {
		return queue.visibilityTimeout().toNanos() / 3;
	}

}
