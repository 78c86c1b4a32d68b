package io.pgqrs.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Messages that were given up: {@code pgqrs_dead_letters}.
 *
 * @since 0.1
 */
public interface DeadLetterStore {

	/**
	 * Dead letters of a queue.
	 * @param queue name of the queue
	 * @param limit how many at the most
	 * @return the youngest first
	 */
	List<DeadLetterRecord> find(String queue, int limit);

	/**
	 * Puts a dead letter back into its queue, due now, attempts from zero.
	 * @param id of the message
	 * @return name of its queue; null if there is none of that id, or a message with its
	 * deduplication key is pending, in which case it stays
	 */
	@Nullable String replay(long id);

	/**
	 * Puts all dead letters of a queue back, as {@link #replay} does, in bounded batches.
	 * @param queue name of the queue
	 * @return how many
	 */
	int replayAll(String queue);

	/**
	 * Deletes all dead letters of a queue, in bounded batches.
	 * @param queue name of the queue
	 * @return how many
	 */
	int purge(String queue);

}
