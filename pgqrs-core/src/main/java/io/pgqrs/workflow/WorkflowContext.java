package io.pgqrs.workflow;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.pgqrs.Arguments;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;

/**
 * A run, as its workflow sees it: where it marks its steps.
 * <p>
 * A step is remembered by its name, in its run. The second use of a name is recorded as
 * {@code name#2}, the third as {@code name#3}, so loops work. A step that is complete is
 * never executed again: when the run goes on after a crash, a sleep or a retry, the
 * workflow method is called again from the beginning, and completed steps return at once
 * what they returned the first time, as it was read back from its JSON.
 * <p>
 * A step inside the body of a step is a part of that one, not recorded by itself. Steps
 * may be executed by several threads at once, each with a name of its own; the workflow
 * method has to wait for all of them.
 * <p>
 * To leave the thread, as a sleep does, the methods throw an {@link Error} that the
 * workflow must let pass. Its {@code finally} blocks are executed each time.
 *
 * @since 0.1
 */
public interface WorkflowContext {

	/**
	 * The run whose workflow method the calling thread is executing.
	 * @return null outside of a run
	 */
	static @Nullable WorkflowContext current() {
		return RunScope.context();
	}

	/**
	 * Id of the run, the same in every delivery.
	 * @return the id
	 */
	long runId();

	/**
	 * Name of the workflow.
	 * @return the name
	 */
	String workflow();

	/**
	 * Which attempt this delivery is.
	 * @return 1 on the first delivery; one more after each that failed or lost its lease;
	 * sleeping, waiting, pausing and the retry of a step cost none
	 */
	int attempt();

	/**
	 * Executes a step, or returns what it returned.
	 * @param <T> type of the result
	 * @param name of the step
	 * @param type of the result
	 * @param body what to do; called again after a failure, or if the process dies before
	 * its end is recorded
	 * @return what the body returned, read back from its JSON, or null
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	default <T> T step(String name, Class<T> type, Callable<? extends @Nullable T> body) {
		return step(name, type, StepOptions.defaults(), body);
	}

	/**
	 * Executes a step, or returns what it returned.
	 * @param <T> type of the result
	 * @param name of the step
	 * @param type of the result
	 * @param body what to do
	 * @return what the body returned, read back from its JSON, or null
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	default <T> T step(String name, ParameterizedTypeReference<T> type, Callable<? extends @Nullable T> body) {
		return step(name, type, StepOptions.defaults(), body);
	}

	/**
	 * Executes a step, or returns what it returned.
	 * @param <T> type of the result
	 * @param name of the step
	 * @param type of the result
	 * @param options how it is tried
	 * @param body what to do
	 * @return what the body returned, read back from its JSON, or null
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	default <T> T step(String name, Class<T> type, StepOptions options, Callable<? extends @Nullable T> body) {
		return step(name, ParameterizedTypeReference.forType(type), options, body);
	}

	/**
	 * Executes a step, or returns what it returned.
	 * @param <T> type of the result
	 * @param name of the step
	 * @param type of the result
	 * @param options how it is tried
	 * @param body what to do
	 * @return what the body returned, read back from its JSON, or null
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	<T> T step(String name, ParameterizedTypeReference<T> type, StepOptions options,
			Callable<? extends @Nullable T> body);

	/**
	 * Executes a step without a result, unless it is complete.
	 * @param name of the step
	 * @param body what to do
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	default void step(String name, CheckedRunnable body) {
		step(name, StepOptions.defaults(), body);
	}

	/**
	 * Executes a step without a result, unless it is complete.
	 * @param name of the step
	 * @param options how it is tried
	 * @param body what to do
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	@SuppressWarnings("NullAway") // Void has no other value
	default void step(String name, StepOptions options, CheckedRunnable body) {
		Arguments.check(body != null, () -> "Step '" + name + "' has no body");
		step(name, Void.class, options, () -> {
			body.run();
			return null;
		});
	}

	/**
	 * Executes a step in a transaction that the record of the step is a part of: what the
	 * body does in this database happens exactly once. The body may enqueue messages,
	 * start runs and call {@code @Transactional} code, which joins.
	 * @param <T> type of the result
	 * @param name of the step
	 * @param type of the result
	 * @param body what to do
	 * @return what the body returned, read back from its JSON, or null
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	default <T> T transactionalStep(String name, Class<T> type, Callable<? extends @Nullable T> body) {
		return transactionalStep(name, type, StepOptions.defaults(), body);
	}

	/**
	 * Executes a step in a transaction that the record of the step is a part of.
	 * @param <T> type of the result
	 * @param name of the step
	 * @param type of the result
	 * @param body what to do
	 * @return what the body returned, read back from its JSON, or null
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	default <T> T transactionalStep(String name, ParameterizedTypeReference<T> type,
			Callable<? extends @Nullable T> body) {
		return transactionalStep(name, type, StepOptions.defaults(), body);
	}

	/**
	 * Executes a step in a transaction that the record of the step is a part of.
	 * @param <T> type of the result
	 * @param name of the step
	 * @param type of the result
	 * @param options how it is tried
	 * @param body what to do
	 * @return what the body returned, read back from its JSON, or null
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	default <T> T transactionalStep(String name, Class<T> type, StepOptions options,
			Callable<? extends @Nullable T> body) {
		return transactionalStep(name, ParameterizedTypeReference.forType(type), options, body);
	}

	/**
	 * Executes a step in a transaction that the record of the step is a part of.
	 * @param <T> type of the result
	 * @param name of the step
	 * @param type of the result
	 * @param options how it is tried
	 * @param body what to do
	 * @return what the body returned, read back from its JSON, or null
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	<T> T transactionalStep(String name, ParameterizedTypeReference<T> type, StepOptions options,
			Callable<? extends @Nullable T> body);

	/**
	 * Executes a step without a result in a transaction that the record of the step is a
	 * part of, unless it is complete.
	 * @param name of the step
	 * @param body what to do
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	default void transactionalStep(String name, CheckedRunnable body) {
		transactionalStep(name, StepOptions.defaults(), body);
	}

	/**
	 * Executes a step without a result in a transaction that the record of the step is a
	 * part of, unless it is complete.
	 * @param name of the step
	 * @param options how it is tried
	 * @param body what to do
	 * @throws StepFailedException if the body failed for good
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	@SuppressWarnings("NullAway")
	default void transactionalStep(String name, StepOptions options, CheckedRunnable body) {
		Arguments.check(body != null, () -> "Step '" + name + "' has no body");
		transactionalStep(name, Void.class, options, () -> {
			body.run();
			return null;
		});
	}

	/**
	 * Sleeps. The run leaves its thread and goes on when the time has come, also if this
	 * process is gone by then. The time is counted from the first call, by the database's
	 * clock.
	 * @param name of the step
	 * @param duration how long; zero or more
	 * @throws StepMismatchException if the step is recorded with something else
	 */
	void sleep(String name, Duration duration);

	/**
	 * Waits for a signal of that name. The run leaves its thread and goes on when the
	 * signal comes, or the time is up. Signals that came before are not lost: the oldest
	 * that was not received yet is received at once.
	 * @param <T> type of the payload
	 * @param name of the signal, and of the step
	 * @param type of the payload
	 * @param timeout how long to wait, counted from the first call; zero to look only
	 * @return the payload; empty if none came in time, or if it has no payload
	 * @throws StepMismatchException if the payload is not of that type, or the step is
	 * recorded with something else
	 */
	default <T> Optional<T> awaitSignal(String name, Class<T> type, Duration timeout) {
		return awaitSignal(name, ParameterizedTypeReference.<T>forType(type), timeout);
	}

	/**
	 * Waits for a signal of that name.
	 * @param <T> type of the payload
	 * @param name of the signal, and of the step
	 * @param type of the payload
	 * @param timeout how long to wait, counted from the first call; zero to look only
	 * @return the payload; empty if none came in time, or if it has no payload
	 * @throws StepMismatchException if the payload is not of that type, or the step is
	 * recorded with something else
	 */
	<T> Optional<T> awaitSignal(String name, ParameterizedTypeReference<T> type, Duration timeout);

}
