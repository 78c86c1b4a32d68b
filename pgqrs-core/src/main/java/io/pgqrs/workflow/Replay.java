package io.pgqrs.workflow;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.pgqrs.store.RunDirective;
import io.pgqrs.store.RunHistory;
import io.pgqrs.store.StepRecord;
import org.jspecify.annotations.Nullable;

/** What a run has behind it, and how much time has passed since that was read. */
final class Replay {

	private final RunHistory history;

	private final Map<String, StepRecord> steps;

	private final long readAt;

	/**
	 * Makes a replay.
	 * @param history what was read
	 * @param readAt {@code System.nanoTime()} when the reading began: times that are left
	 * are rather taken for shorter than they are
	 */
	Replay(RunHistory history, long readAt) {
		this.history = history;
		this.readAt = readAt;
		this.steps = history.steps()
			.stream()
			.collect(Collectors.toUnmodifiableMap(StepRecord::name, Function.identity()));
	}

	/** Of a run that has nothing behind it, and no timeout. */
	static Replay nothing() {
		return new Replay(new RunHistory(RunDirective.CONTINUE, null, 0, List.of()), System.nanoTime());
	}

	RunDirective directive() {
		return this.history.directive();
	}

	int lastProgress() {
		return this.history.lastProgress();
	}

	@Nullable StepRecord step(String name) {
		return this.steps.get(name);
	}

	/** Until the run's timeout; null if it has none. */
	@Nullable Duration timeLeft() {
		return left(this.history.timeLeft());
	}

	/** Whether a step still waits for its time. */
	boolean isAhead(StepRecord step) {
		Duration left = left(step.timeLeft());
		return left != null && left.toNanos() > 0;
	}

	private @Nullable Duration left(@Nullable Duration then) {
		return (then != null) ? then.minusNanos(System.nanoTime() - this.readAt) : null;
	}

}
