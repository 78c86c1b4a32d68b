package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A step as it is recorded.
 *
 * @param name unique in its run
 * @param kind what it is
 * @param status {@code SUCCESS} or {@code ERROR} when it is complete; {@code QUEUED}
 * while it waits for its next attempt; {@code PAUSED} while it is a sleep that is not
 * over or waits for a signal
 * @param attempts how often its body ran to an end
 * @param output JSON, or null
 * @param error of the last attempt that failed, as JSON, or null
 * @param timeLeft until the next attempt, the end of the sleep, or until the signal is
 * waited for no longer; negative if that is over; null if nothing is waited for
 * @param startedAt when its first attempt began
 * @param completedAt when it was complete, or null
 * @since 0.1
 */
public record StepRecord(String name, StepKind kind, String status, int attempts, @Nullable String output,
		@Nullable String error, @Nullable Duration timeLeft, Instant startedAt, @Nullable Instant completedAt) {
}
