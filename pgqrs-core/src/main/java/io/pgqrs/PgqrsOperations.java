package io.pgqrs;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * The queue, as an application uses it. Everything joins the Spring transaction of the
 * calling thread, if there is one, and else commits by itself. For that reason there are
 * no asynchronous variants.
 * <p>
 * Bad arguments are an {@link InvalidArgumentException}; what the database refuses is
 * Spring's {@code DataAccessException}.
 *
 * @since 0.1
 */
public interface PgqrsOperations {

	/**
	 * Enqueues a message that is due at once.
	 * @param queue name of the queue
	 * @param payload is written as JSON
	 * @return id of the message
	 * @throws QueueNotFoundException if there is no such queue and none may be created
	 * @throws PayloadSerializationException if the payload cannot be written as JSON
	 * @throws PayloadTooLargeException if its JSON is over the limit
	 */
	long enqueue(String queue, Object payload);

	/**
	 * Enqueues messages that are due at once, with one statement per chunk of 1,000. All
	 * or none: without a transaction of the caller's they are enqueued in one of their
	 * own.
	 * @param queue name of the queue
	 * @param payloads are written as JSON
	 * @return ids in the order of the payloads; empty if there are none
	 */
	List<Long> enqueueAll(String queue, Collection<?> payloads);

	/**
	 * Enqueues with options.
	 * @return where to set them
	 */
	EnqueueSpec enqueue();

	/**
	 * Claims what is due. Never waits.
	 * @param queue name of the queue
	 * @param limit how many at the most, at least 1; no claim takes more than 10,000
	 * @return the messages, leased for the queue's visibility timeout; empty if nothing
	 * is due or the queue is paused
	 */
	List<QueueMessage> dequeue(String queue, int limit);

	/**
	 * Claims with options.
	 * @return where to set them
	 */
	DequeueSpec dequeue();

	/**
	 * Completes a message and keeps it in the archive.
	 * @param message the message
	 * @return false if the lease was lost: somebody else has the message, or had
	 */
	boolean archive(QueueMessage message);

	/**
	 * Completes messages, in one statement, and keeps them in the archive.
	 * @param messages the messages
	 * @return how many were completed; the others had lost their lease
	 */
	int archiveAll(Collection<QueueMessage> messages);

	/**
	 * Completes a message and leaves no trace of it.
	 * @param message the message
	 * @return false if the lease was lost
	 */
	boolean delete(QueueMessage message);

	/**
	 * Completes messages, in one statement, and leaves no trace of them.
	 * @param messages the messages
	 * @return how many were completed; the others had lost their lease
	 */
	int deleteAll(Collection<QueueMessage> messages);

	/**
	 * Gives a message back. The delivery does not count as an attempt.
	 * @param message the message
	 * @param delay how long it stays invisible, zero or more
	 * @return false if the lease was lost
	 */
	boolean release(QueueMessage message, Duration delay);

	/**
	 * Makes the lease end {@code visibility} from now.
	 * @param message the message
	 * @param visibility from the database's now, at least a millisecond
	 * @return false if the lease was lost
	 */
	boolean extend(QueueMessage message, Duration visibility);

}
