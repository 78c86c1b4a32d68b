package io.pgqrs.listener;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import io.pgqrs.QueueMessage;
import io.pgqrs.store.Availability.Activity;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Completes what was handled, many messages in one statement. A message waits for others
 * a few milliseconds at the most, and only while others are being handled. What cannot be
 * saved is tried again until it is; its lease is extended meanwhile.
 */
final class Completions {

	private static final Log logger = LogFactory.getLog(Completions.class);

	private static final int BATCH = 500;

	/** Handlers wait when this many are not saved yet. */
	private static final int MAX_PENDING = 5_000;

	private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

	private static final long MIN_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(5);

	/**
	 * How long a stop waits for the last completions when the database does not answer.
	 */
	private static final long LAST_SAVE_SECONDS = 5;

	private final Handling handling;

	private final Leases leases;

	private final BooleanSupplier othersAreHandled;

	private final Activity completing;

	private final ReentrantLock lock = new ReentrantLock();

	/** What the thread that saves waits for: a reason to look again. */
	private final Condition changed = this.lock.newCondition();

	/** What handlers wait for when too much is pending. */
	private final Condition saved = this.lock.newCondition();

	private final Deque<Delivery> pending = new ArrayDeque<>();

	private final CountDownLatch ended = new CountDownLatch(1);

	private long waitingSince;

	private boolean closed;

	private boolean abandoned;

	Completions(Handling handling, Leases leases, BooleanSupplier othersAreHandled, Activity completing) {
		this.handling = handling;
		this.leases = leases;
		this.othersAreHandled = othersAreHandled;
		this.completing = completing;
	}

	/** Takes messages to complete. Waits if too many are not saved yet. */
	void add(List<Delivery> deliveries) {
		this.lock.lock();
		try {
			while (this.pending.size() >= MAX_PENDING && !this.abandoned) {
				this.saved.awaitUninterruptibly();
			}
			boolean first = this.pending.isEmpty();
			if (first) {
				this.waitingSince = System.nanoTime();
			}
			this.pending.addAll(deliveries);
			// Not for each one: while others are handled, the thread waits for them
			// anyway.
			if (first || this.pending.size() >= BATCH || !this.othersAreHandled.getAsBoolean()) {
				this.changed.signal();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Nothing more will come: ends {@link #run()} when all is saved, or when that takes
	 * too long.
	 */
	void flush() throws InterruptedException {
		close(false);
		if (!this.ended.await(LAST_SAVE_SECONDS, TimeUnit.SECONDS)) {
			abandon();
		}
	}

	/** Ends {@link #run()} although not all is saved. */
	void abandon() {
		close(true);
	}

	private void close(boolean abandon) {
		this.lock.lock();
		try {
			this.closed = true;
			this.abandoned |= abandon;
			this.changed.signal();
			this.saved.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	void run() {
		try {
			List<Delivery> batch = next();
			while (!batch.isEmpty()) {
				save(batch);
				batch = next();
			}
		}
		finally {
			this.completing.close();
			this.ended.countDown();
		}
	}

	/** Waits for messages; empty when there will be none any more. */
	private List<Delivery> next() {
		this.lock.lock();
		try {
			while (this.pending.isEmpty() && !this.closed) {
				this.changed.awaitUninterruptibly();
			}
			long left = this.waitingSince + LINGER_NANOS - System.nanoTime();
			while (left > 0 && this.pending.size() < BATCH && !this.closed && this.othersAreHandled.getAsBoolean()) {
				left = awaitNanos(left);
			}
			List<Delivery> batch = new ArrayList<>(Math.min(BATCH, this.pending.size()));
			while (batch.size() < BATCH && !this.pending.isEmpty()) {
				batch.add(this.pending.remove());
			}
			this.waitingSince = System.nanoTime();
			this.saved.signalAll();
			return this.abandoned ? List.of() : batch;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void save(List<Delivery> batch) {
		Map<ConsumedQueue, List<Delivery>> byQueue = new HashMap<>();
		batch.forEach(
				(delivery) -> byQueue.computeIfAbsent(delivery.queue(), (queue) -> new ArrayList<>()).add(delivery));
		byQueue.values().forEach(this::saveUntilDone);
	}

	private void saveUntilDone(List<Delivery> deliveries) {
		long backoff = MIN_BACKOFF_NANOS;
		while (!isAbandoned()) {
			try {
				saveNow(deliveries);
				this.completing.succeeded();
				return;
			}
			catch (RuntimeException ex) {
				this.completing.failed(ex);
				pause(backoff);
				backoff = Math.min(backoff * 2, MAX_BACKOFF_NANOS);
			}
		}
	}

	private void saveNow(List<Delivery> deliveries) {
		Set<Long> completed = this.handling.complete(deliveries);
		this.leases.settle(deliveries, completed);
		List<QueueMessage> lost = deliveries.stream()
			.map(Delivery::message)
			.filter((message) -> !completed.contains(message.id()))
			.toList();
		if (!lost.isEmpty()) {
			logger.warn("Handled, but not completed, because the lease was lost meanwhile: " + lost);
		}
	}

	private boolean isAbandoned() {
		this.lock.lock();
		try {
			return this.abandoned;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void pause(long nanos) {
		this.lock.lock();
		try {
			long left = nanos;
			while (left > 0 && !this.abandoned) {
				left = awaitNanos(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The thread belongs to this class: an interrupt says nothing that close() does not.
	 */
	private long awaitNanos(long nanos) {
		try {
			return this.changed.awaitNanos(nanos);
		}
		catch (InterruptedException ex) {
			return 0;
		}
	}

}
