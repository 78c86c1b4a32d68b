package io.pgqrs.store;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What is to be done now and then, by one process for all: {@code pgqrs_maintenance} says
 * when. Every deletion is one bounded statement, to be repeated until it finds less than
 * it may take.
 *
 * @since 0.1
 */
public interface MaintenanceStore {

	/**
	 * Takes a task that is due, so that nobody else does before its period is over. Holds
	 * nothing: who takes a task and dies leaves it for the next period.
	 * @param task its name
	 * @param period until it is due again
	 * @return false if it is not due
	 */
	boolean take(String task, Duration period);

	/**
	 * Keeps a task that was taken, so that nobody else takes it before another period is
	 * over.
	 * @param task its name
	 * @param period from now on, no longer than twice that of its takers
	 */
	void hold(String task, Duration period);

	/**
	 * Deletes archived messages that are older than the retention of their queue.
	 * @param limit how many at the most
	 * @return how many
	 */
	int deleteArchived(int limit);

	/**
	 * Deletes dead letters that are older than the retention of their queue.
	 * @param limit how many at the most
	 * @return how many
	 */
	int deleteDeadLetters(int limit);

	/**
	 * Deletes runs that ended longer ago than the queue of their workflow,
	 * {@code workflow:name}, keeps them, with their steps and signals: those that failed
	 * by the retention of dead letters, the others by that of the archive. Runs whose
	 * queue was deleted stay. May come back early and go on at the next call, if very
	 * many runs began long before their retention but ended within it.
	 * @param limit how many at the most
	 * @return how many
	 */
	int deleteRuns(int limit);

	/**
	 * Deletes workers that stopped or died.
	 * @param retention since they were last heard of
	 * @param limit how many at the most
	 * @return how many
	 */
	int deleteWorkers(Duration retention, int limit);

	/**
	 * The transaction that keeps dead rows alive for longest, because it began before
	 * they died. A standby or a replication slot may do the same, but has no beginning
	 * and is not looked for.
	 * @return null if there is none, the database has no such thing, or does not tell
	 */
	@Nullable OldestTransaction oldestTransaction();

	/**
	 * A transaction that holds up vacuum.
	 *
	 * @param age since it began
	 * @param holder who has it open, in words, such as the process id and application
	 * @param deadRows of the messages that could not be removed yet, as the database
	 * estimates
	 */
	record OldestTransaction(Duration age, String holder, long deadRows) {
	}

}
