package io.pgqrs.workflow;

import java.time.Instant;

import io.pgqrs.store.StepRecord;
import org.jspecify.annotations.Nullable;

/**
 * A recorded step of a run.
 *
 * @param name unique in its run
 * @param status {@link RunStatus#SUCCESS} or {@link RunStatus#ERROR} when it is complete,
 * {@link RunStatus#QUEUED} while it waits for its next attempt, {@link RunStatus#PAUSED}
 * while it sleeps or waits for a signal
 * @param attempts how often its body ran to an end; of a signal 1 when it was received
 * @param output JSON, or null
 * @param error of the last attempt that failed, as a JSON object with {@code type},
 * {@code message}, {@code step} and {@code attempts}, or null
 * @param startedAt when its first attempt began, by the database's clock
 * @param completedAt when it was complete, or null
 * @since 0.1
 */
public record StepInfo(String name, RunStatus status, int attempts, @Nullable String output, @Nullable String error,
		Instant startedAt, @Nullable Instant completedAt) {

	static StepInfo of(StepRecord step) {
		return new StepInfo(step.name(), RunStatus.valueOf(step.status()), step.attempts(), step.output(), step.error(),
				step.startedAt(), step.completedAt());
	}

}
