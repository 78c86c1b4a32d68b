package io.pgqrs.benchmarks.contender;

import java.util.List;
import java.util.function.LongConsumer;

/**
 * A queue of numbers as one contender has it, on fresh tables. Closing it ends its
 * threads and connections.
 */
public interface JobQueue extends AutoCloseable {

	/**
	 * Puts the messages 0 to n - 1 in, all of them ready, in the fastest way there is.
	 * Not measured.
	 * @param messages how many
	 */
	void fill(int messages) throws Exception;

	/**
	 * Enqueues one message and commits, as an application does it. Called by many
	 * threads.
	 * @param value the message
	 */
	void enqueue(long value) throws Exception;

	/**
	 * Enqueues messages in one transaction.
	 * @param values the messages
	 */
	void enqueueAll(List<Long> values) throws Exception;

	/**
	 * Begins to consume, with as many threads as the settings say.
	 * @param handler is called when the handling of a message begins, by many threads
	 */
	void consume(LongConsumer handler) throws Exception;

	/**
	 * Whether the database says that everything is completed.
	 * @return false while a message is ready, delayed or in flight
	 */
	boolean isDrained() throws Exception;

	@Override
	void close() throws Exception;

}
