package io.pgqrs.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.pgqrs.WakeUps;
import io.pgqrs.store.Availability;
import io.pgqrs.store.Lease;
import io.pgqrs.store.MessageStore;
import io.pgqrs.store.MessageStore.Release;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.FailureReport;
import io.pgqrs.support.QueueEvents;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The leases that a container holds. Those that are a third of the visibility timeout old
 * are extended, all of a queue in one statement, so that a long handler keeps its message
 * and a dead process loses it.
 */
final class Leases {

	private static final Log logger = LogFactory.getLog(Leases.class);

	private final String id;

	private final List<ConsumedQueue> queues;

	private final MessageStore messages;

	private final Availability availability;

	private final WakeUps wakeUps;

	private final QueueEvents events;

	private final Map<Lease, Delivery> held = new ConcurrentHashMap<>();

	/** When to look what is to be extended, as {@code System.nanoTime()}. */
	private long nextExtension = System.nanoTime();

	/**
	 * Without leases yet.
	 * @param events is told of lost leases; an {@link AccountingListener} does so itself
	 */
	Leases(String id, List<ConsumedQueue> queues, PgqrsStore store, WakeUps wakeUps, QueueEvents events) {
		this.id = id;
		this.queues = queues;
		this.messages = store.messages();
		this.availability = store.availability();
		this.wakeUps = wakeUps;
		this.events = events;
	}

	void add(Delivery delivery) {
		this.held.put(delivery.message().lease(), delivery);
		this.nextExtension = earlier(this.nextExtension, delivery.toBeExtendedAt());
	}

	private static long earlier(long a, long b) {
		return (a - b <= 0) ? a : b;
	}

	/**
	 * Extends these no more.
	 * @return how many were not lost, for all that is known
	 */
	int remove(Collection<Delivery> deliveries) {
		int removed = 0;
		for (Delivery delivery : deliveries) {
			removed += (this.held.remove(delivery.message().lease()) != null) ? 1 : 0;
		}
		return removed;
	}

	/** As {@link #remove}, and tells of those that were lost meanwhile. */
	void settle(Collection<Delivery> deliveries, Set<Long> settled) {
		for (Delivery delivery : deliveries) {
			if (this.held.remove(delivery.message().lease()) != null && !settled.contains(delivery.message().id())) {
				this.events.leasesLost(delivery.queue().name(), 1);
			}
		}
	}

	List<Delivery> all() {
		return List.copyOf(this.held.values());
	}

	/**
	 * Extends what is old enough. Called by the thread that adds.
	 * @return whether there was any
	 */
	boolean keep() {
		long now = System.nanoTime();
		if (now - this.nextExtension < 0) {
			return false;
		}
		Map<ConsumedQueue, List<Delivery>> due = new HashMap<>();
		long next = now + interval();
		for (Delivery delivery : this.held.values()) {
			if (now - delivery.toBeExtendedAt() >= 0) {
				due.computeIfAbsent(delivery.queue(), (queue) -> new ArrayList<>()).add(delivery);
			}
			else {
				next = earlier(next, delivery.toBeExtendedAt());
			}
		}
		// What is due stays so if it was locked or the database does not answer.
		this.nextExtension = due.isEmpty() ? next : now;
		due.forEach(this::extend);
		return !due.isEmpty();
	}

	private void extend(ConsumedQueue queue, List<Delivery> deliveries) {
		long start = System.nanoTime();
		Set<Long> extended = this.messages.tryExtend(
				deliveries.stream().map((delivery) -> delivery.message().lease()).toList(), queue.visibilityTimeout());
		List<Delivery> others = new ArrayList<>(0);
		for (Delivery delivery : deliveries) {
			if (extended.contains(delivery.message().id())) {
				delivery.leaseEndsAt(start + queue.visibilityTimeout().toNanos());
			}
			else {
				others.add(delivery);
			}
		}
		if (!others.isEmpty()) {
			forgetLost(others);
		}
	}

	/**
	 * Asks the database which of some deliveries are lost, and holds those no longer.
	 * What is only locked is not lost, and is extended the next time.
	 * @return the lost ones
	 */
	List<Delivery> forgetLost(Collection<Delivery> deliveries) {
		if (deliveries.isEmpty()) {
			return List.of();
		}
		Set<Long> held = this.messages.held(deliveries.stream().map((delivery) -> delivery.message().lease()).toList());
		List<Delivery> lost = deliveries.stream()
			.filter((delivery) -> !held.contains(delivery.message().id()))
			.filter((delivery) -> this.held.remove(delivery.message().lease()) != null)
			.toList();
		if (!lost.isEmpty()) {
			logger.warn("Lost the lease of " + lost.stream().map(Delivery::message).toList()
					+ ": delivered again, or handled elsewhere");
			lost.forEach((delivery) -> this.events.leasesLost(delivery.queue().name(), 1));
		}
		return lost;
	}

	/** How often to call {@link #keep()}, in nanoseconds. */
	long interval() {
		return this.queues.stream().mapToLong((queue) -> queue.visibilityTimeout().toNanos() / 3).min().orElseThrow();
	}

	/**
	 * Gives back what waited too long for a handler: it may be with somebody else
	 * already.
	 * @return the others
	 */
	List<Delivery> giveBackExpired(List<Delivery> deliveries) {
		long now = System.nanoTime();
		List<Delivery> expired = deliveries.stream().filter((delivery) -> !holds(delivery, now)).toList();
		if (expired.isEmpty()) {
			return deliveries;
		}
		if (!this.availability.isInterrupted()) {
			logger.warn(
					"The lease ran out before a handler was free: " + expired.stream().map(Delivery::message).toList());
		}
		giveBack(expired, Duration.ZERO, false);
		return deliveries.stream().filter((delivery) -> !expired.contains(delivery)).toList();
	}

	/** For all that this process can know. */
	private boolean holds(Delivery delivery, long nanoTime) {
		return this.held.containsKey(delivery.message().lease()) && !delivery.isExpired(nanoTime);
	}

	/**
	 * Ends leases before their time. What cannot be given back is delivered again when
	 * its lease ends by itself.
	 * @param deliveries any number
	 * @param delay until the next delivery
	 * @param attemptCounts whether the delivery was an attempt
	 */
	void giveBack(Collection<Delivery> deliveries, Duration delay, boolean attemptCounts) {
		if (deliveries.isEmpty()) {
			return;
		}
		remove(deliveries);
		try {
			this.messages.release(deliveries.stream()
				.map((delivery) -> new Release(delivery.message().lease(), delay, attemptCounts))
				.toList());
		}
		catch (RuntimeException ex) {
			if (!this.availability.failed(ContainerRun.activity(this.id), ex)) {
				logger.warn("Listener '" + this.id + "' could not give back " + deliveries.size()
						+ " messages; they are delivered again when their leases end: "
						+ FailureReport.rootMessage(ex));
			}
			return;
		}
		deliveries.stream()
			.map((delivery) -> delivery.queue().name())
			.distinct()
			.forEach((queue) -> this.wakeUps.becomesDue(queue, delay));
	}

}
