package io.pgqrs;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.pgqrs.store.WakeUpTransport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Wakes consumers when there is something to claim: those of this process directly after
 * the commit, others through the {@link WakeUpTransport}. Never inside the caller's
 * transaction, and never in a way that could fail it.
 *
 * @since 0.1
 */
public final class WakeUps implements WakeUpTransport.Listener, AutoCloseable {

	private static final Log logger = LogFactory.getLog(WakeUps.class);

	/**
	 * What is written after the commit is on the same connection, and is committed a
	 * little later, when that is given back.
	 */
	private static final Duration AFTER_COMMIT = Duration.ofMillis(20);

	private final WakeUpTransport transport;

	private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

	private final AtomicBoolean listening = new AtomicBoolean();

	private volatile boolean mayListen;

	public WakeUps(WakeUpTransport transport) {
		this.transport = transport;
	}

	/** Listens for wake-ups of other processes, as soon as there is a consumer. */
	public void listen() {
		this.mayListen = true;
		if (!this.subscriptions.isEmpty()) {
			listenOnce();
		}
	}

	private void listenOnce() {
		if (this.mayListen && this.listening.compareAndSet(false, true)) {
			this.transport.listen(this);
		}
	}

	/**
	 * Subscribes a consumer.
	 * @param queues what it consumes
	 * @param sleeper is woken, on any thread; must not block
	 * @return to close when the consumer stops
	 */
	public Subscription subscribe(Collection<String> queues, Sleeper sleeper) {
		Subscription subscription = new Subscription(Set.copyOf(queues), sleeper);
		this.subscriptions.add(subscription);
		listenOnce();
		return subscription;
	}

	/**
	 * Says that a message becomes due: consumers are woken when the caller's transaction
	 * has committed, or now if there is none.
	 * @param queue name of the queue
	 * @param delay until it is due
	 */
	public void becomesDue(String queue, Duration delay) {
		if (TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.isActualTransactionActive()) {
			AfterCommit pending = (AfterCommit) TransactionSynchronizationManager.getResource(this);
			if (pending == null) {
				pending = new AfterCommit();
				TransactionSynchronizationManager.bindResource(this, pending);
				TransactionSynchronizationManager.registerSynchronization(pending);
			}
			pending.add(queue, delay);
		}
		else {
			send(queue, delay);
		}
	}

	private void send(String queue, Duration delay) {
		wakeUp(queue, delay);
		if (delay.isZero()) {
			try {
				this.transport.publish(queue);
			}
			catch (RuntimeException ex) {
				logger.warn("Could not wake up other processes for queue '" + queue + "'; they will poll", ex);
			}
		}
	}

	@Override
	public void wakeUp(String queue) {
		wakeUp(queue, Duration.ZERO);
	}

	private void wakeUp(String queue, Duration delay) {
		for (Subscription subscription : this.subscriptions) {
			if (subscription.queues.contains(queue)) {
				subscription.sleeper.wakeUpIn(delay);
			}
		}
	}

	@Override
	public void wakeUpAll() {
		this.subscriptions.forEach((subscription) -> subscription.sleeper.wakeUpIn(Duration.ZERO));
	}

	@Override
	public void close() {
		this.transport.close();
	}

	/** A consumer that waits for work. */
	@FunctionalInterface
	public interface Sleeper {

		/**
		 * Something becomes due.
		 * @param delay from now, zero for now
		 */
		void wakeUpIn(Duration delay);

	}

	/** A consumer's interest in its queues. */
	public final class Subscription implements AutoCloseable {

		private final Set<String> queues;

		private final Sleeper sleeper;

		private Subscription(Set<String> queues, Sleeper sleeper) {
			this.queues = queues;
			this.sleeper = sleeper;
		}

		@Override
		public void close() {
			WakeUps.this.subscriptions.remove(this);
		}

	}

	/** The queues that one transaction wrote to, with the soonest time each is due. */
	private final class AfterCommit implements TransactionSynchronization {

		private final Map<String, Duration> queues = new HashMap<>();

		private boolean sent;

		void add(String queue, Duration delay) {
			if (this.sent) {
				send(queue, delay.plus(AFTER_COMMIT));
				return;
			}
			this.queues.merge(queue, delay, (a, b) -> (a.compareTo(b) <= 0) ? a : b);
		}

		@Override
		public void suspend() {
			TransactionSynchronizationManager.unbindResource(WakeUps.this);
		}

		@Override
		public void resume() {
			TransactionSynchronizationManager.bindResource(WakeUps.this, this);
		}

		@Override
		public void afterCommit() {
			this.sent = true;
			this.queues.forEach(WakeUps.this::send);
		}

		@Override
		public void afterCompletion(int status) {
			if (status == STATUS_COMMITTED && !this.sent) {
				// Registered by somebody else's afterCommit, which is too late for our
				// own.
				this.queues.forEach((queue, delay) -> send(queue, delay.plus(AFTER_COMMIT)));
			}
			TransactionSynchronizationManager.unbindResourceIfPossible(WakeUps.this);
		}

	}

	/**
	 * Whether wake-ups of other processes arrive now.
	 * @return false if consumers can only poll for what other processes enqueue
	 */
	public boolean isListening() {
		return this.transport.isListening();
	}

}
