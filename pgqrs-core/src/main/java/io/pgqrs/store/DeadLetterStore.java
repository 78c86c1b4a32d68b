package io.pgqrs.store;

import java.time.Instant;
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
	default List<DeadLetterRecord> find(String queue, int limit) {
		return find(queue, limit, null);
	}

	/**
	 * Dead letters of a queue, page by page.
	 * @param queue name of the queue
	 * @param limit how many at the most
	 * @param behind only older ones than this, which need not exist any more; null for
	 * the youngest
	 * @return the youngest first
	 */
	List<DeadLetterRecord> find(String queue, int limit, @Nullable Position behind);

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

	/**
	 * Where a dead letter stands among those of its queue.
	 *
	 * @param diedAt when it was given up
	 * @param id id of the message
	 */
	record Position(Instant diedAt, long id) {
	}

}
