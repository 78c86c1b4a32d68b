package io.pgqrs.store;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a run has behind it when it is delivered again.
 *
 * @param directive never {@link RunDirective#LOST}
 * @param timeLeft until its timeout, negative if that is over, or null if it has none
 * @param lastProgress the attempt in which a step was last recorded, or 0
 * @param steps all that were recorded, in no order
 * @since 0.1
 */
public record RunHistory(RunDirective directive, @Nullable Duration timeLeft, int lastProgress,
		List<StepRecord> steps) {
}
