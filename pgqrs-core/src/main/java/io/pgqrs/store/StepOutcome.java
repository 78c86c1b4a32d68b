package io.pgqrs.store;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What to record of a step.
 *
 * @param name unique in its run
 * @param kind what it is
 * @param status {@link RunRecord#SUCCESS} or {@link RunRecord#ERROR} if it is complete;
 * {@link RunRecord#QUEUED} if it is to be tried again, {@link RunRecord#PAUSED} if it is
 * a sleep, both after {@code delay}
 * @param attempts how often its body ran to an end
 * @param output JSON, or null
 * @param error JSON, or null
 * @param elapsed how long the attempt took
 * @param delay from now until the run is to go on, or null if the step is complete
 * @since 0.1
 */
public record StepOutcome(String name, StepKind kind, String status, int attempts, @Nullable String output,
		@Nullable String error, Duration elapsed, @Nullable Duration delay) {
}
