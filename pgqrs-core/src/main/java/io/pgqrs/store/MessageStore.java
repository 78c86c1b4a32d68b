package io.pgqrs.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Messages that are pending or in flight: {@code pgqrs_messages}. Whatever ends or
 * changes a lease names it, and touches nothing once the lease was released, reclaimed or
 * taken over.
 *
 * @since 0.1
 */
public interface MessageStore {

	/**
	 * Adds messages, in one statement.
	 * @return their ids in the order of the payloads, or the id of the pending or
	 * in-flight message of the same deduplication key; empty if there is no such queue
	 */
	List<Long> enqueue(Enqueue messages);

	/**
	 * Makes a claimer for one consumer.
	 * @param queue name of the queue
	 * @return a new claimer
	 */
	Claimer claimer(String queue);

	/**
	 * Completes messages, in one statement.
	 * @param leases who holds them
	 * @param archive whether they are kept in the archive
	 * @return ids of those that were completed; the others lost their lease
	 */
	Set<Long> complete(Collection<Lease> leases, boolean archive);

	/**
	 * Gives messages back, in one statement.
	 * @return ids of those that were given back; the others lost their lease
	 */
	Set<Long> release(Collection<Release> releases);

	/**
	 * Makes leases end {@code visibility} from now, in one statement.
	 * @return ids of those that still hold; the others lost their lease
	 */
	Set<Long> extend(Collection<Lease> leases, Duration visibility);

	/**
	 * Makes leases end {@code visibility} from now, in one statement that waits for no
	 * transaction: for the many leases of a container, which one locked message must not
	 * hold up.
	 * @return ids of those that were extended; the others lost their lease, or are locked
	 * by somebody at this moment
	 * @see #held
	 */
	Set<Long> tryExtend(Collection<Lease> leases, Duration visibility);

	/**
	 * Which leases are not lost, in one statement that locks nothing.
	 * @return their ids
	 */
	Set<Long> held(Collection<Lease> leases);

	/**
	 * Moves messages to the dead letters, in one statement.
	 * @return ids of those that were moved; the others lost their lease
	 */
	Set<Long> deadLetter(Collection<Death> deaths);

	/**
	 * A message, wherever it is.
	 * @param id of the message
	 * @return null if there is none, or it was completed without a trace
	 */
	@Nullable MessageRecord find(long id);

	/**
	 * A message to give back.
	 *
	 * @param lease who holds it
	 * @param delay how long it stays invisible
	 * @param attemptCounts whether the delivery was an attempt; if not, the next one has
	 * the same number
	 */
	record Release(Lease lease, Duration delay, boolean attemptCounts) {
	}

	/**
	 * A message to give up.
	 *
	 * @param lease who holds it
	 * @param error why, as JSON
	 */
	record Death(Lease lease, String error) {
	}

}
