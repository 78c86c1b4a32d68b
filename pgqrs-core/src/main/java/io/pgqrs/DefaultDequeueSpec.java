package io.pgqrs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
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
		this.queue = Arguments.messageQueueName(queue);
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
		BlockingQueue<Long> wakeUps = new LinkedBlockingQueue<>();
		try (WakeUps.Subscription subscription = this.template.wakeUps()
			.subscribe(List.of(queue()), (delay) -> wakeUps.add(System.nanoTime() + delay.toNanos()))) {
			while (true) {
				List<QueueMessage> messages = fetch();
				long now = System.nanoTime();
				if (!messages.isEmpty() || deadline - now <= 0) {
					return messages;
				}
				sleep(wakeUps, Math.min(deadline, now + LOOK_NANOS));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return List.of();
		}
	}

	/** Sleeps until something is due that was announced, or until a time. */
	private static void sleep(BlockingQueue<Long> wakeUps, long until) throws InterruptedException {
		long next = until;
		long left = next - System.nanoTime();
		while (left > 0) {
			Long announced = wakeUps.poll(left, TimeUnit.NANOSECONDS);
			if (announced != null && announced - next < 0) {
				next = announced;
			}
			left = next - System.nanoTime();
		}
	}

	@Override
	public int handle(QueueMessageHandler handler) {
		Arguments.check(handler != null, () -> "The handler must not be null");
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
