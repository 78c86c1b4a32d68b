package io.pgqrs.workflow;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;

/**
 * Starts and steers runs of workflows. What starts, signals, cancels, pauses, resumes or
 * retries takes part in the caller's transaction, if there is one.
 * <p>
 * All methods that take the id of a run throw a {@link RunNotFoundException} if there is
 * none of that id.
 *
 * @since 0.1
 */
public interface WorkflowOperations {

	/**
	 * Starts a run, which some process that implements the workflow executes.
	 * @param workflow name of the workflow
	 * @param input anything that can be written as JSON, or null
	 * @return the run
	 */
	default WorkflowHandle<?> start(String workflow, @Nullable Object input) {
		return start(workflow).input(input).send();
	}

	/**
	 * Starts a run, which some process that implements the workflow executes.
	 * @param <I> type of the input
	 * @param <O> type of the result
	 * @param workflow the workflow
	 * @param input anything that can be written as JSON, or null
	 * @return the run
	 */
	<I, O> WorkflowHandle<O> start(WorkflowRef<I, O> workflow, @Nullable I input);

	/**
	 * Starts a run that needs more than an input.
	 * @param workflow name of the workflow
	 * @return a new specification
	 */
	StartSpec start(String workflow);

	/**
	 * Executes a run in the calling thread. It is as durable as any other: if this
	 * process dies, another one goes on with it. While it sleeps or waits, so does the
	 * caller.
	 * @param <T> type of the result
	 * @param workflow name of the workflow, which this process has to implement
	 * @param input anything that can be written as JSON, or null
	 * @param resultType type of the result
	 * @return the result, or null
	 * @throws WorkflowNotFoundException if this process does not implement the workflow
	 * @throws WorkflowFailedException if it failed
	 * @throws WorkflowCancelledException if it was cancelled
	 * @throws io.pgqrs.PgqrsException if the caller has a transaction: nothing would be
	 * durable before that commits
	 */
	<T> T run(String workflow, @Nullable Object input, Class<T> resultType);

	/**
	 * Executes a run in the calling thread.
	 * @param <I> type of the input
	 * @param <O> type of the result
	 * @param workflow the workflow, which this process has to implement
	 * @param input anything that can be written as JSON, or null
	 * @return the result, or null
	 * @see #run(String, Object, Class)
	 */
	<I, O> O run(WorkflowRef<I, O> workflow, @Nullable I input);

	/**
	 * A run.
	 * @param runId id of the run
	 * @return the run as it is now
	 */
	WorkflowRun get(long runId);

	/**
	 * A run that was started before, to wait for it or to cancel it.
	 * @param <O> type of the result
	 * @param runId id of the run
	 * @param resultType type of the result
	 * @return the handle
	 */
	<O> WorkflowHandle<O> handle(long runId, Class<O> resultType);

	/**
	 * The run of an idempotency key.
	 * @param workflow name of the workflow
	 * @param key what it was started with
	 * @return the run, or empty if there is none
	 */
	Optional<WorkflowRun> find(String workflow, String key);

	/**
	 * Runs.
	 * @param query which ones
	 * @return the youngest first
	 */
	List<WorkflowRun> list(RunQuery query);

	/**
	 * How many runs each workflow has, by their status.
	 * @return by name; only workflows that have runs
	 */
	List<WorkflowMetrics> metrics();

	/**
	 * The recorded steps of a run.
	 * @param runId id of the run
	 * @return in the order in which they began
	 */
	List<StepInfo> steps(long runId);

	/**
	 * Waits for the result of a run. Not to be called in the transaction that started it.
	 * @param <T> type of the result
	 * @param runId id of the run
	 * @param type of the result
	 * @param timeout how long to wait; zero to look only
	 * @return the result, or null
	 * @throws WorkflowFailedException if it failed
	 * @throws WorkflowCancelledException if it was cancelled
	 * @throws WorkflowTimeoutException if it has not ended by then; the run goes on
	 * @throws io.pgqrs.PayloadConversionException if the result is not of that type
	 */
	<T> T result(long runId, Class<T> type, Duration timeout);

	/**
	 * Waits for the result of a run.
	 * @param <T> type of the result
	 * @param runId id of the run
	 * @param type of the result
	 * @param timeout how long to wait; zero to look only
	 * @return the result, or null
	 * @see #result(long, Class, Duration)
	 */
	<T> T result(long runId, ParameterizedTypeReference<T> type, Duration timeout);

	/**
	 * Cancels a run: at once if nobody executes it, else when the step ends that is being
	 * executed, or the one that begins at this moment.
	 * @param runId id of the run
	 * @return false if it has ended
	 */
	boolean cancel(long runId);

	/**
	 * Pauses a run until it is resumed: at once if nobody executes it, else when the step
	 * ends that is being executed.
	 * @param runId id of the run
	 * @return false if it has ended, is to be cancelled, or is paused in this way already
	 */
	boolean pause(long runId);

	/**
	 * Lets a run go on that was {@linkplain #pause paused}. A sleep that is not over, it
	 * sleeps to its end.
	 * @param runId id of the run
	 * @return false if it is not paused in this way
	 */
	boolean resume(long runId);

	/**
	 * Sends a signal to a run. It is kept until the run awaits it; of several signals of
	 * one name the oldest is received first.
	 * @param runId id of the run
	 * @param name of the signal
	 * @param payload anything that can be written as JSON, or null
	 * @throws RunEndedException if the run has ended
	 */
	void signal(long runId, String name, @Nullable Object payload);

	/**
	 * Lets a run go on that ended with an error, from its last completed step. The step
	 * that failed gets all its attempts again.
	 * @param runId id of the run
	 * @return false if it did not end with an error
	 */
	boolean retry(long runId);

}
