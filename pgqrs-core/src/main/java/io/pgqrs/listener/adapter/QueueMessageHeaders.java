package io.pgqrs.listener.adapter;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Acknowledgment;
import io.pgqrs.listener.PgqrsHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;

/**
 * Headers of a message: the sender's, and pgqrs's. There is no {@code UUID} as
 * {@link #ID}, for a message has a number; the {@link #TIMESTAMP} is when it was
 * enqueued. A sender's own header of either name stays what it was.
 */
final class QueueMessageHeaders extends MessageHeaders {

	private static final long serialVersionUID = 1L;

	private final long timestamp;

	QueueMessageHeaders(QueueMessage message, Acknowledgment acknowledgment) {
		super(all(message, acknowledgment), ID_VALUE_NONE, message.enqueuedAt().toEpochMilli());
		this.timestamp = message.enqueuedAt().toEpochMilli();
		message.headers().forEach((name, value) -> {
			if (name.equals(ID) || name.equals(TIMESTAMP)) {
				getRawHeaders().put(name, value);
			}
		});
	}

	private static Map<String, Object> all(QueueMessage message, Acknowledgment acknowledgment) {
		Map<String, Object> headers = new HashMap<>(message.headers());
		headers.put(PgqrsHeaders.ID, message.id());
		headers.put(PgqrsHeaders.QUEUE, message.queue());
		headers.put(PgqrsHeaders.ATTEMPT, message.attempt());
		headers.put(PgqrsHeaders.PRIORITY, message.priority());
		headers.put(PgqrsHeaders.ENQUEUED_AT, message.enqueuedAt());
		headers.put(PgqrsHeaders.VISIBLE_UNTIL, message.visibleUntil());
		headers.put(PgqrsHeaders.MESSAGE, message);
		headers.put(PgqrsHeaders.ACKNOWLEDGMENT, acknowledgment);
		return headers;
	}

	@Override
	public @Nullable UUID getId() {
		return null;
	}

	@Override
	public @Nullable Long getTimestamp() {
		return this.timestamp;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return super.equals(other);
	}

	@Override
	public int hashCode() {
		return super.hashCode();
	}

}
