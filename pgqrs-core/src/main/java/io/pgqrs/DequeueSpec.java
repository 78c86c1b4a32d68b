package io.pgqrs;

import java.time.Duration;
import java.util.List;

/**
 * A claim. For one use, by one thread.
 *
 * @since 0.1
 */
public interface DequeueSpec {

	/**
	 * Sets the queue.
	 * @param queue its name
	 * @return this
	 */
	DequeueSpec from(String queue);

	/**
	 * Sets how many messages to claim at the most.
	 * @param size at least 1; default 1
	 * @return this
	 */
	DequeueSpec batch(int size);

	/**
	 * Sets how long the leases last.
	 * @param visibilityTimeout at least a millisecond; default is the queue's setting
	 * @return this
	 */
	DequeueSpec visibilityTimeout(Duration visibilityTimeout);

	/**
	 * Claims what is due. Never waits.
	 * @return the messages, or none
	 */
	List<QueueMessage> fetch();

	/**
	 * Claims what is due, and waits for it if there is nothing. Not for use inside a
	 * transaction, which would stay open as long.
	 * @param timeout how long to wait
	 * @return the messages; none if the time is up or the thread was interrupted
	 */
	List<QueueMessage> poll(Duration timeout);

	/**
	 * Claims what is due and handles it, message by message, in the calling thread. A
	 * message is completed when the handler returns, as the queue's {@code on-success}
	 * says, and goes back with the queue's backoff, or to the dead letters, when it
	 * throws. The leases of the messages still waiting are extended between two of them.
	 * @param handler handles one message
	 * @return how many were handled and completed
	 */
	int handle(QueueMessageHandler handler);

}
