package io.pgqrs.workflow;

import java.time.Duration;

/**
 * A run that was started.
 *
 * @param <O> type of the result
 * @since 0.1
 */
public interface WorkflowHandle<O> {

	/**
	 * Id of the run.
	 * @return the id
	 */
	long id();

	/**
	 * How far the run is.
	 * @return its status now
	 */
	RunStatus status();

	/**
	 * The run.
	 * @return the run as it is now
	 */
	WorkflowRun get();

	/**
	 * Waits for the result; see {@link WorkflowOperations#result}.
	 * @param timeout how long to wait
	 * @return the result, or null
	 */
	O result(Duration timeout);

	/**
	 * Cancels the run; see {@link WorkflowOperations#cancel}.
	 * @return false if it has ended
	 */
	boolean cancel();

}
