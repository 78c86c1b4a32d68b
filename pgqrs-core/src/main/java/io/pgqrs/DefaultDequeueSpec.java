package io.pgqrs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/** Collects what to claim, checks it, and claims. */
final class DefaultDequeueSpec implements DequeueSpec {

	/** How often a waiting poll looks by itself: wake-ups may get lost. */
	private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final PgqrsTemplate template;

	private @Nullable String queue;

	private int batch = 1;

	private @Nullable Duration visibilityTimeout;

	DefaultDequeueSpec(PgqrsTemplate template) {
		this.template = template;
	}

	@Override
	public DequeueSpec from(String queue) {
		this.queue = Arguments.queueName(queue);
		return this;
	}

	@Override
	public DequeueSpec batch(int size) {
		this.batch = Arguments.atLeastOne("limit", size);
		return this;
	}

	@Override
	public DequeueSpec visibilityTimeout(Duration visibilityTimeout) {
		this.visibilityTimeout = Arguments.positive("visibilityTimeout", visibilityTimeout);
		return this;
	}

	@Override
	public List<QueueMessage> fetch() {
		return this.template.claim(queue(), this.batch, this.visibilityTimeout);
	}

	@Override
	public List<QueueMessage> poll(Duration timeout) {
		long deadline = System.nanoTime() + Arguments.notNegative("timeout", timeout).toNanos();
		Semaphore wakeUp = new Semaphore(0);
		try (WakeUps.Subscription subscription = this.template.wakeUps()
			.subscribe(List.of(queue()), (delay) -> wakeUp.release())) {
			while (true) {
				wakeUp.drainPermits();
				List<QueueMessage> messages = fetch();
				long left = deadline - System.nanoTime();
				if (!messages.isEmpty() || left <= 0) {
					return messages;
				}
				wakeUp.tryAcquire(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return List.of();
		}
	}

	@Override
	public int handle(QueueMessageHandler handler) {
		QueueInfo info = this.template.catalog().get(queue());
		Duration lease = (this.visibilityTimeout != null) ? this.visibilityTimeout : info.visibilityTimeout();
		return new BatchHandling(this.template, info, lease, handler).handle(fetch());
	}

	private String queue() {
		if (this.queue == null) {
			throw new InvalidArgumentException("No queue to dequeue from: call from(..)");
		}
		return this.queue;
	}

}
