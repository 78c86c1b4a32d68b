package io.pgqrs.workflow;

import java.time.Duration;

import io.pgqrs.Arguments;
import io.pgqrs.support.Backoff;
import org.jspecify.annotations.Nullable;

/**
 * How a step is tried. Immutable: each method returns new options.
 *
 * @param maxAttempts how often the body is called at the most, at least 1
 * @param initialBackoff delay after the first failure
 * @param backoffMultiplier growth of the delay from failure to failure, at least 1
 * @param maxBackoff the longest delay
 * @param timeout after which the thread that executes the body is interrupted, which
 * counts as a failure; null for never
 * @since 0.1
 */
public record StepOptions(int maxAttempts, Duration initialBackoff, double backoffMultiplier, Duration maxBackoff,
		@Nullable Duration timeout) {

	private static final StepOptions DEFAULTS = new StepOptions(3, Duration.ofSeconds(1), 2, Duration.ofSeconds(60),
			null);

	/**
	 * Checks the options.
	 */
	public StepOptions {
		Arguments.atLeastOne("maxAttempts", maxAttempts);
		Arguments.notNegative("initialBackoff", initialBackoff);
		Arguments.check(backoffMultiplier >= 1 && Double.isFinite(backoffMultiplier),
				() -> "'backoffMultiplier' must be at least 1, but is " + backoffMultiplier);
		Arguments.notNegative("maxBackoff", maxBackoff);
		Arguments.check(maxBackoff.compareTo(initialBackoff) >= 0, () -> "'maxBackoff' (" + maxBackoff
				+ ") must not be shorter than 'initialBackoff' (" + initialBackoff + ")");
		if (timeout != null) {
			Arguments.positive("timeout", timeout);
		}
	}

	/**
	 * 3 attempts, with delays that double from 1 s to 60 s and are spread at random by a
	 * fifth; no timeout.
	 * @return the defaults
	 */
	public static StepOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Sets how often the body is called at the most.
	 * @param maxAttempts at least 1; 1 for no retry
	 * @return new options
	 */
	public StepOptions maxAttempts(int maxAttempts) {
		return new StepOptions(maxAttempts, this.initialBackoff, this.backoffMultiplier, this.maxBackoff, this.timeout);
	}

	/**
	 * Sets the delay between attempts.
	 * @param initial after the first failure; zero for no delay
	 * @param multiplier growth from failure to failure, at least 1
	 * @param max the longest delay
	 * @return new options
	 */
	public StepOptions backoff(Duration initial, double multiplier, Duration max) {
		return new StepOptions(this.maxAttempts, initial, multiplier, max, this.timeout);
	}

	/**
	 * Sets the delay between attempts, always the same.
	 * @param delay zero for no delay
	 * @return new options
	 */
	public StepOptions backoff(Duration delay) {
		return backoff(delay, 1, delay);
	}

	/**
	 * Sets how long an attempt may take.
	 * @param timeout at least a millisecond, or null for no limit
	 * @return new options
	 */
	public StepOptions timeout(@Nullable Duration timeout) {
		return new StepOptions(this.maxAttempts, this.initialBackoff, this.backoffMultiplier, this.maxBackoff, timeout);
	}

	/** The delay after a failed attempt, from 1. */
	Duration delay(int attempt) {
		return Backoff.delay(this.initialBackoff, this.backoffMultiplier, this.maxBackoff, attempt);
	}

}
