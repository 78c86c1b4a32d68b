package io.pgqrs.listener;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import io.pgqrs.OnSuccess;
import io.pgqrs.PgqrsException;
import io.pgqrs.WakeUps;
import io.pgqrs.store.Lease;
import io.pgqrs.store.MessageStore;
import io.pgqrs.store.MessageStore.Release;

import org.springframework.util.Assert;

/** What a listener says about the messages of one call. */
final class ContainerAcknowledgment implements Acknowledgment {

	private final AckMode ackMode;

	private final List<Delivery> deliveries;

	private final MessageStore messages;

	private final WakeUps wakeUps;

	private final AtomicBoolean settled = new AtomicBoolean();

	ContainerAcknowledgment(AckMode ackMode, List<Delivery> deliveries, MessageStore messages, WakeUps wakeUps) {
		this.ackMode = ackMode;
		this.deliveries = deliveries;
		this.messages = messages;
		this.wakeUps = wakeUps;
	}

	@Override
	public boolean acknowledge() {
		if (!settle()) {
			return false;
		}
		try {
			boolean archive = queue().info().onSuccess() == OnSuccess.ARCHIVE;
			return this.messages.complete(leases(), archive).size() == this.deliveries.size();
		}
		catch (RuntimeException ex) {
			this.settled.set(false);
			throw ex;
		}
	}

	@Override
	public boolean release(Duration delay) {
		Assert.isTrue(!delay.isNegative(), () -> "'delay' must not be negative, but is " + delay);
		if (!settle()) {
			return false;
		}
		try {
			List<Release> releases = leases().stream().map((lease) -> new Release(lease, delay, false)).toList();
			boolean released = this.messages.release(releases).size() == this.deliveries.size();
			this.wakeUps.becomesDue(queue().name(), delay);
			return released;
		}
		catch (RuntimeException ex) {
			this.settled.set(false);
			throw ex;
		}
	}

	@Override
	public boolean extend(Duration visibility) {
		Assert.isTrue(visibility.toMillis() > 0, () -> "'visibility' must be at least 1 ms, but is " + visibility);
		long start = System.nanoTime();
		Set<Long> extended = this.messages.extend(leases(), visibility);
		this.deliveries.stream()
			.filter((delivery) -> extended.contains(delivery.message().id()))
			.forEach((delivery) -> delivery.leaseEndsAt(start + visibility.toNanos()));
		return extended.size() == this.deliveries.size();
	}

	private boolean settle() {
		if (this.ackMode != AckMode.MANUAL) {
			throw new PgqrsException("The container acknowledges by itself in ack mode " + this.ackMode
					+ ". Set ackMode = \"MANUAL\" on the listener of queue '" + queue().name() + "'");
		}
		return this.settled.compareAndSet(false, true);
	}

	private ConsumedQueue queue() {
		return this.deliveries.get(0).queue();
	}

	private List<Lease> leases() {
		return this.deliveries.stream().map((delivery) -> delivery.message().lease()).toList();
	}

}
