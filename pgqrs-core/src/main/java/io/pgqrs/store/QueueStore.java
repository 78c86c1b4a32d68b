package io.pgqrs.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Queues: {@code pgqrs_queues}.
 *
 * @since 0.1
 */
public interface QueueStore {

	/**
	 * One queue.
	 * @param name its name
	 * @return null if there is none of that name
	 */
	@Nullable QueueRecord find(String name);

	/**
	 * All queues.
	 * @return by name
	 */
	List<QueueRecord> findAll();

	/**
	 * Creates a queue.
	 * @param name its name
	 * @param settings how it treats its messages
	 * @return false if there is one of that name, which is left as it is
	 */
	boolean create(String name, QueueSettings settings);

	/**
	 * Creates a queue or gives it these settings. Leaves alone whether it is paused.
	 * @param name its name
	 * @param settings how it treats its messages
	 */
	void save(String name, QueueSettings settings);

	/**
	 * Deletes a queue that holds no messages, with its archive and no more. Messages that
	 * are being enqueued at the same time are not lost: either they are seen here, or
	 * their enqueue finds no queue.
	 * @param name its name
	 * @return what happened
	 */
	Deletion delete(String name);

	/**
	 * Sets whether the queue is paused.
	 * @param name its name
	 * @param paused whether nobody may claim from it
	 * @return false if there is no such queue
	 */
	boolean setPaused(String name, boolean paused);

	/**
	 * Deletes all pending and in-flight messages of a queue, in bounded batches.
	 * @param name its name
	 * @return how many
	 */
	int purge(String name);

	/**
	 * Counts what queues hold, no figure beyond {@link QueueCounts#LIMIT}.
	 * @param name one queue, or null for all
	 * @return by name; empty if there is no such queue
	 */
	default List<QueueCounts> counts(@Nullable String name) {
		return counts(name, QueueCounts.LIMIT);
	}

	/**
	 * Counts what queues hold. Few limits should be in use: each has a statement of its
	 * own.
	 * @param name one queue, or null for all
	 * @param limit no figure is counted beyond it; at least 1
	 * @return by name; empty if there is no such queue
	 */
	List<QueueCounts> counts(@Nullable String name, int limit);

	/** Outcome of a deletion. */
	enum Deletion {

		/** It is gone. */
		DELETED,

		/** There is no such queue. */
		NOT_FOUND,

		/** It holds messages or dead letters, and stays. */
		NOT_EMPTY

	}

}
