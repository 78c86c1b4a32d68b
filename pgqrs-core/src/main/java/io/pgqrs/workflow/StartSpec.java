package io.pgqrs.workflow;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A run to start.
 *
 * @since 0.1
 */
public interface StartSpec {

	/**
	 * Sets the input.
	 * @param input anything that can be written as JSON, or null
	 * @return this
	 */
	StartSpec input(@Nullable Object input);

	/**
	 * Sets the idempotency key: a second start of the same workflow and key returns the
	 * first run, whatever became of it.
	 * @param key 1 to 200 characters
	 * @return this
	 */
	StartSpec key(String key);

	/**
	 * Lets the run begin later.
	 * @param delay from now
	 * @return this
	 */
	StartSpec delay(Duration delay);

	/**
	 * Lets the run begin later.
	 * @param time when
	 * @return this
	 */
	StartSpec at(Instant time);

	/**
	 * Sets the priority among the runs of the workflow.
	 * @param priority higher goes first; default 0
	 * @return this
	 */
	StartSpec priority(int priority);

	/**
	 * Sets how long the run may take, from when it is due. After that its running step is
	 * interrupted and it ends with an error.
	 * @param timeout at least a millisecond; default is for ever
	 * @return this
	 */
	StartSpec timeout(Duration timeout);

	/**
	 * Starts the run; in a transaction of the caller, when that commits.
	 * @return the run
	 */
	WorkflowHandle<?> send();

	/**
	 * Starts the run.
	 * @param <O> type of the result
	 * @param resultType type of the result
	 * @return the run
	 */
	<O> WorkflowHandle<O> send(Class<O> resultType);

}
