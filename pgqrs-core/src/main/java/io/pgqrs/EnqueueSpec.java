package io.pgqrs;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A message, or several alike, to enqueue. For one use, by one thread.
 *
 * @since 0.1
 */
public interface EnqueueSpec {

	/**
	 * Sets the message.
	 * @param payload is written as JSON
	 * @return this
	 */
	EnqueueSpec message(Object payload);

	/**
	 * Sets several messages, which share all other options.
	 * @param payloads are written as JSON
	 * @return this
	 */
	EnqueueSpec messages(Collection<?> payloads);

	/**
	 * Sets the queue.
	 * @param queue its name
	 * @return this
	 */
	EnqueueSpec to(String queue);

	/**
	 * Makes the message due later.
	 * @param delay from the database's now, zero or more
	 * @return this
	 */
	EnqueueSpec delay(Duration delay);

	/**
	 * Makes the message due at a time.
	 * @param time when; the past means now
	 * @return this
	 */
	EnqueueSpec at(Instant time);

	/**
	 * Sets the priority.
	 * @param priority higher first; default 0. Each distinct value in a queue costs a
	 * claim one more step: use a few levels, not a value per message
	 * @return this
	 */
	EnqueueSpec priority(int priority);

	/**
	 * Enqueues nothing if a message of this key is pending or in flight in the queue.
	 * @param key up to 200 characters
	 * @return this
	 */
	EnqueueSpec deduplicationKey(String key);

	/**
	 * Adds a header.
	 * @param name must not begin with {@code pgqrs_}
	 * @param value its value
	 * @return this
	 */
	EnqueueSpec header(String name, String value);

	/**
	 * Adds headers.
	 * @param headers names and values
	 * @return this
	 */
	EnqueueSpec headers(Map<String, String> headers);

	/**
	 * Enqueues the message.
	 * @return its id, or the id of the message that has its deduplication key
	 */
	long send();

	/**
	 * Enqueues the messages, all or none.
	 * @return ids in the order of the payloads
	 */
	List<Long> sendAll();

}
