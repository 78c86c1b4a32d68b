package io.pgqrs;

import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.pgqrs.store.ClaimedMessage;
import io.pgqrs.store.Lease;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.core.ParameterizedTypeReference;

/**
 * A message that the caller holds a lease of. Immutable: after
 * {@link PgqrsOperations#extend} it still shows the end of the lease it was claimed with.
 *
 * @since 0.1
 */
public final class QueueMessage {

	private final String queue;

	private final ClaimedMessage claimed;

	private final PayloadJson json;

	private final Map<String, String> headers;

	private final long receivedAt = System.nanoTime();

	/**
	 * Makes a message of what a claim returned.
	 * @param queue name of its queue
	 * @param claimed the row
	 * @param json reads the payload
	 */
	public QueueMessage(String queue, ClaimedMessage claimed, PayloadJson json) {
		this.queue = queue;
		this.claimed = claimed;
		this.json = json;
		this.headers = PayloadJson.readHeaders(claimed.headers());
	}

	/**
	 * Id of the message.
	 * @return what its enqueue returned; a dead letter has it too
	 */
	public long id() {
		return this.claimed.lease().messageId();
	}

	/**
	 * The queue that it was claimed from.
	 * @return name of the queue
	 */
	public String queue() {
		return this.queue;
	}

	/**
	 * The payload as it is stored.
	 * @return JSON text, which the database may have normalised
	 */
	public String payload() {
		return this.claimed.payload();
	}

	/**
	 * The payload as an object.
	 * @param <T> type of the payload
	 * @param type of the payload; as {@code String} any JSON but a JSON string is its
	 * text
	 * @return the payload, null for the JSON null
	 * @throws PayloadConversionException if the payload is not of that type
	 */
	@SuppressWarnings("unchecked") // read() returns what it was asked for; a primitive's
									// class cannot cast
	public <T> T payload(Class<T> type) {
		return (T) read(type);
	}

	/**
	 * The payload as an object of a generic type.
	 * @param <T> type of the payload
	 * @param type such as {@code new ParameterizedTypeReference<List<Order>>() {}}
	 * @return the payload, null for the JSON null
	 * @throws PayloadConversionException if the payload is not of that type
	 */
	@SuppressWarnings("unchecked")
	public <T> T payload(ParameterizedTypeReference<T> type) {
		return (T) read(type.getType());
	}

	@SuppressWarnings("NullAway") // the JSON null, which hardly anybody sends, is null
	private Object read(Type type) {
		try {
			return this.json.read(payload(), type);
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new PayloadConversionException("The payload of message " + id() + " in queue '" + this.queue
					+ "' cannot be read as " + type.getTypeName() + ": " + ex.getMessage(), ex);
		}
	}

	/**
	 * The headers that were given when it was enqueued, and those of the trace in which
	 * that happened.
	 * @return names and values, empty if there are none
	 */
	public Map<String, String> headers() {
		return this.headers;
	}

	/**
	 * The priority that it was enqueued with.
	 * @return higher is claimed first; 0 unless it was set
	 */
	public int priority() {
		return this.claimed.priority();
	}

	/**
	 * Which attempt this delivery is.
	 * @return 1 on the first delivery; one more after each that failed or lost its lease
	 */
	public int attempt() {
		return this.claimed.attempt();
	}

	/**
	 * When it was enqueued.
	 * @return a time by the database's clock
	 */
	public Instant enqueuedAt() {
		return this.claimed.enqueuedAt();
	}

	/**
	 * Since when the message could have been claimed: when it was enqueued, or its delay
	 * or its last lease ended.
	 * @return a time before this delivery
	 */
	public Instant dueAt() {
		return this.claimed.dueAt();
	}

	/**
	 * How long it has been due by now: by the database's clock until it was claimed, and
	 * by this process's since.
	 * @return never negative
	 */
	public Duration waited() {
		Duration waited = Duration.between(dueAt(), this.claimed.leasedAt())
			.plusNanos(System.nanoTime() - this.receivedAt);
		return waited.isNegative() ? Duration.ZERO : waited;
	}

	/**
	 * End of this lease, by the database's clock.
	 * @return when somebody else can claim the message, unless the lease is extended
	 */
	public Instant visibleUntil() {
		return this.claimed.visibleUntil();
	}

	/**
	 * The fencing token of this lease.
	 * @return the token
	 */
	public Lease lease() {
		return this.claimed.lease();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof QueueMessage that && lease().equals(that.lease());
	}

	@Override
	public int hashCode() {
		return lease().hashCode();
	}

	/** Without the payload, which must not get into logs by accident. */
	@Override
	public String toString() {
		return "QueueMessage[id=" + id() + ", queue=" + this.queue + ", attempt=" + attempt() + "]";
	}

}
