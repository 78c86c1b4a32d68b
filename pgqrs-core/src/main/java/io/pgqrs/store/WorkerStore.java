package io.pgqrs.store;

import java.time.Duration;
import java.util.List;

/**
 * Processes that consume: {@code pgqrs_workers}.
 *
 * @since 0.1
 */
public interface WorkerStore {

	/**
	 * Registers a running worker.
	 * @param registration what it says of itself
	 * @return its id, above zero
	 */
	long register(WorkerRecord.Registration registration);

	/**
	 * Says that a worker is alive, and what it consumes by now.
	 * @param id of the worker
	 * @param queues names of queues
	 * @return false if it was declared dead or removed; it holds nothing any more then
	 */
	boolean heartbeat(long id, List<String> queues);

	/**
	 * Says that a worker stopped in order.
	 * @param id of the worker
	 */
	void stopped(long id);

	/**
	 * All workers.
	 * @return the youngest first
	 */
	List<WorkerRecord> findAll();

	/**
	 * Declares dead who was silent for longer than it said that it would be, and frees
	 * what they hold: those messages are due at once. Of several callers one declares a
	 * worker dead.
	 * @param silence how long is too long for workers that did not say, as those of an
	 * older library
	 * @return who died, and what was freed
	 */
	Reclaimed reclaim(Duration silence);

}
