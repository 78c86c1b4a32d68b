package io.pgqrs.store;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Runs of workflows, as those see them who start and steer them. A run that has not ended
 * has a message of the same id in the queue of its workflow, which says when it is due
 * and who holds it.
 *
 * @since 0.1
 */
public interface WorkflowRunStore {

	/**
	 * Adds a run and its message, in one statement unless the key is being used by
	 * somebody else at the same time.
	 * @param run what to start
	 * @return the new run, or the earlier one of the same workflow and key, whatever
	 * became of it; null if there is no such queue
	 */
	@Nullable StartedRun start(NewRun run);

	/**
	 * One run.
	 * @param id of the run
	 * @return null if there is none
	 */
	@Nullable RunRecord find(long id);

	/**
	 * The run of a key.
	 * @param workflow name of the workflow
	 * @param key what it was started with
	 * @return null if there is none
	 */
	@Nullable RunRecord find(String workflow, String key);

	/**
	 * Several runs.
	 * @param filter which ones
	 * @return the youngest first, that is by descending id
	 */
	List<RunRecord> list(RunFilter filter);

	/**
	 * Counts runs by workflow and status.
	 * @return by workflow; what there is none of is missing
	 */
	List<RunCounts> counts();

	/**
	 * Those of some runs that have ended, in one statement.
	 * @param ids of the runs
	 * @return in no order
	 */
	List<RunRecord> ended(Collection<Long> ids);

	/**
	 * The recorded steps of a run.
	 * @param runId id of the run
	 * @return in the order in which they began; a sleep that is over counts as
	 * {@code SUCCESS}, completed when it was over
	 */
	List<StepRecord> steps(long runId);

	/**
	 * Cancels a run: at once if nobody holds its lease, else when its step ends.
	 * @param id of the run
	 * @return its status then, {@link RunRecord#CANCELLED} or
	 * {@link RunRecord#CANCELLING}; null if it has ended or there is none
	 */
	@Nullable String cancel(long id);

	/**
	 * Holds a run: at once if nobody holds its lease, else when its step ends.
	 * @param id of the run
	 * @return false if it has ended, is held already or to be cancelled, or there is none
	 */
	boolean pause(long id);

	/**
	 * Lets a run go on that was {@linkplain #pause held}: it is due now, or when it was
	 * to begin if that is later.
	 * @param id of the run
	 * @return false if it is not held, has ended, or there is none
	 */
	boolean resume(long id);

	/**
	 * Lets a run go on that ended with {@link RunRecord#ERROR}: it gets a new message,
	 * due now, attempts from zero and the whole of its timeout. The failed step that its
	 * error names in {@code step} is forgotten, and so are the attempts of steps that are
	 * not complete.
	 * @param id of the run
	 * @param queue name of the queue of its workflow
	 * @return false if it did not end with an error, or there is none, or there is no
	 * such queue
	 */
	boolean retry(long id, String queue);

	/**
	 * Sends a signal to a run, which is due now if it waits for that. Of several signals
	 * of one name the oldest is received first.
	 * @param id of the run
	 * @param name of the signal
	 * @param payload JSON, or null
	 * @return false if it has ended, or there is none
	 */
	boolean signal(long id, String name, @Nullable String payload);

}
