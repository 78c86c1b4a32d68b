package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.util.List;

import io.pgqrs.DeadLetter;
import io.pgqrs.InvalidArgumentException;
import io.pgqrs.MessageInfo;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.QueueInfo;
import io.pgqrs.WorkerInfo;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.DeadLetterDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.DeadLettersDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.MessageActionDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.MessageDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.QueueActionDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.QueueDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.QueuesDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.WorkersDescriptor;
import io.pgqrs.store.WorkerRecord;
import org.jspecify.annotations.Nullable;

/** Queues, their messages, and who consumes them. */
final class QueueResource {

	private final PgqrsAdmin admin;

	private final PgqrsSampler sampler;

	private final ListenerResource listeners;

	QueueResource(PgqrsAdmin admin, PgqrsSampler sampler, ListenerResource listeners) {
		this.admin = admin;
		this.sampler = sampler;
		this.listeners = listeners;
	}

	QueuesDescriptor queues() {
		return new QueuesDescriptor(this.sampler.sample().queues());
	}

	WorkersDescriptor workers() {
		return new WorkersDescriptor(this.admin.workers());
	}

	QueueDescriptor queue(String name) {
		QueueInfo queue = this.admin.queue(name);
		List<WorkerInfo> workers = this.admin.workers()
			.stream()
			.filter((worker) -> worker.status().equals(WorkerRecord.RUNNING) && worker.queues().contains(name))
			.toList();
		return new QueueDescriptor(this.admin.metrics(name), queue, this.listeners.consuming(name), workers);
	}

	DeadLettersDescriptor deadLetters(String queue, @Nullable String limit, @Nullable String behind, PayloadView view) {
		int size = RequestValues.limit(limit);
		List<DeadLetter> found = (behind != null)
				? this.admin.deadLetters(queue, size + 1, DeadLetter.Position.parse(behind))
				: this.admin.deadLetters(queue, size + 1);
		List<DeadLetter> page = found.subList(0, Math.min(size, found.size()));
		String next = (found.size() > size) ? page.get(size - 1).position().toString() : null;
		return new DeadLettersDescriptor(queue, page.stream().map((letter) -> describe(letter, view)).toList(), next);
	}

	private static DeadLetterDescriptor describe(DeadLetter letter, PayloadView view) {
		return new DeadLetterDescriptor(letter.id(), letter.attempts(), letter.enqueuedAt(), letter.diedAt(),
				view.error(letter.error()), view.headers(letter.headers()), view.json("payload", letter.payload()));
	}

	MessageDescriptor message(long id, PayloadView view) {
		MessageInfo message = require(id);
		return new MessageDescriptor(id, message.queue(), message.state(), message.priority(), message.attempts(),
				message.enqueuedAt(), message.visibleAt(), message.claimedAt(), message.endedAt(), message.worker(),
				message.deduplicationKey(), view.error(message.error()), view.headers(message.headers()),
				view.json("payload", message.payload()));
	}

	private MessageInfo require(long id) {
		return this.admin.message(id)
			.orElseThrow(() -> new ResourceNotFoundException("There is no message " + id
					+ ". It was never enqueued, or was completed in a queue that keeps no archive, or its retention is over"));
	}

	QueueActionDescriptor act(String queue, @Nullable String action) {
		Integer messages = switch (String.valueOf(action)) {
			case "pause" -> {
				this.admin.pauseQueue(queue);
				yield null;
			}
			case "resume" -> {
				this.admin.resumeQueue(queue);
				yield null;
			}
			case "purge" -> this.admin.purgeQueue(queue);
			case "replay" -> this.admin.replayAll(queue);
			case "purge-dead-letters" -> this.admin.purgeDeadLetters(queue);
			default -> throw RequestValues.unknownAction(action, "queue", "pause", "resume", "purge", "replay",
					"purge-dead-letters");
		};
		this.sampler.reset();
		return new QueueActionDescriptor(queue, String.valueOf(action), messages);
	}

	MessageActionDescriptor act(long id, @Nullable String action) {
		if (!"replay".equals(action)) {
			throw RequestValues.unknownAction(action, "message", "replay");
		}
		MessageInfo message = require(id);
		if (message.state() != MessageInfo.State.DEAD) {
			throw new InvalidArgumentException(
					"Message " + id + " is " + message.state() + ". Only a dead letter can be replayed");
		}
		if (!this.admin.replay(id)) {
			throw new InvalidArgumentException("Message " + id + " stays a dead letter: another message of queue '"
					+ message.queue() + "' with its deduplication key is pending, or somebody else replayed it. "
					+ "Replay it when that message is done");
		}
		this.sampler.reset();
		return new MessageActionDescriptor(id, message.queue(), "replay");
	}

}
