package io.pgqrs;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;

import io.pgqrs.FailurePolicy.Failure;
import io.pgqrs.FailurePolicy.Retry;
import io.pgqrs.FailurePolicy.Verdict;
import io.pgqrs.store.Lease;
import io.pgqrs.store.MessageStore.Death;
import io.pgqrs.store.MessageStore.Release;
import io.pgqrs.support.FailureReport;
import io.pgqrs.support.micrometer.HandleContext;

/**
 * Handles the messages of one claim, one after the other, in the calling thread.
 * Completions travel together, but no later than a third of the visibility timeout; at
 * that time the leases of those still waiting are extended as well.
 */
final class BatchHandling {

	private final PgqrsTemplate template;

	private final QueueInfo queue;

	private final Duration lease;

	private final QueueMessageHandler handler;

	private final List<Lease> done = new ArrayList<>();

	private long savedAt = System.nanoTime();

	private int completed;

	BatchHandling(PgqrsTemplate template, QueueInfo queue, Duration lease, QueueMessageHandler handler) {
		this.template = template;
		this.queue = queue;
		this.lease = lease;
		this.handler = handler;
	}

	int handle(List<QueueMessage> messages) {
		Deque<QueueMessage> waiting = new ArrayDeque<>(messages);
		try {
			while (!waiting.isEmpty() && !Thread.currentThread().isInterrupted()) {
				QueueMessage message = waiting.remove();
				try {
					handle(message);
				}
				catch (InterruptedException ex) {
					waiting.addFirst(message);
					Thread.currentThread().interrupt();
					continue;
				}
				if (System.nanoTime() - this.savedAt > this.lease.toNanos() / 3) {
					save(waiting);
				}
			}
		}
		finally {
			// An interrupt would break the statements that settle what was begun.
			boolean interrupted = Thread.interrupted();
			complete();
			giveBack(waiting);
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
		return this.completed;
	}

	private void handle(QueueMessage message) throws InterruptedException {
		try {
			this.template.instrumentation().events().delivered(this.queue.name(), message.waited());
			this.template.instrumentation()
				.handle(() -> new HandleContext(this.queue.name(), HandleContext.NO_LISTENER, List.of(message.id()),
						List.of(message.headers())))
				.observeChecked(() -> this.handler.handle(message));
			this.done.add(message.lease());
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Exception ex) {
			fail(message, ex);
		}
		catch (Error ex) {
			fail(message, ex);
			throw ex;
		}
	}

	private void fail(QueueMessage message, Throwable exception) {
		Verdict verdict = this.template.failurePolicy()
			.decide(new Failure(message, exception, this.queue.maxAttempts(), this.queue));
		if (verdict instanceof Retry retry) {
			int released = this.template.messages()
				.release(List.of(new Release(message.lease(), retry.delay(), true)))
				.size();
			this.template.instrumentation().events().retried(this.queue.name(), released);
			lost(1 - released);
			this.template.wakeUps().becomesDue(this.queue.name(), retry.delay());
		}
		else {
			int dead = this.template.messages()
				.deadLetter(List.of(new Death(message.lease(), FailureReport.of(exception))))
				.size();
			this.template.instrumentation().events().deadLettered(this.queue.name(), dead);
			lost(1 - dead);
		}
	}

	private void lost(int leases) {
		if (leases > 0) {
			this.template.instrumentation().events().leasesLost(this.queue.name(), leases);
		}
	}

	private void save(Deque<QueueMessage> waiting) {
		complete();
		if (!waiting.isEmpty()) {
			Set<Long> held = this.template.messages()
				.extend(waiting.stream().map(QueueMessage::lease).toList(), this.lease);
			lost(waiting.size() - held.size());
			waiting.removeIf((message) -> !held.contains(message.id()));
		}
		this.savedAt = System.nanoTime();
	}

	private void complete() {
		if (!this.done.isEmpty()) {
			int completed = this.template.messages()
				.complete(this.done, this.queue.onSuccess() == OnSuccess.ARCHIVE)
				.size();
			this.completed += completed;
			lost(this.done.size() - completed);
			this.done.clear();
		}
	}

	private void giveBack(Collection<QueueMessage> messages) {
		if (!messages.isEmpty()) {
			this.template.messages()
				.release(messages.stream()
					.map((message) -> new Release(message.lease(), Duration.ZERO, false))
					.toList());
			this.template.wakeUps().becomesDue(this.queue.name(), Duration.ZERO);
		}
	}

}
