package io.pgqrs.support;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Delays between attempts: exponential, spread at random so that what failed together is
 * not tried again together.
 *
 * @since 0.1
 */
public final class Backoff {

	/** Beyond this many doublings any backoff has reached its maximum. */
	private static final int MAX_STEPS = 64;

	/** Each delay is spread by this much in both directions. */
	private static final double JITTER = 0.2;

	private Backoff() {
	}

	/**
	 * The delay after a failed attempt.
	 * @param initial after the first one; zero for no delay at all
	 * @param multiplier growth from attempt to attempt, at least 1
	 * @param max the longest delay
	 * @param attempt which attempt failed, from 1
	 * @return the delay
	 */
	public static Duration delay(Duration initial, double multiplier, Duration max, int attempt) {
		if (initial.toMillis() == 0) {
			return Duration.ZERO;
		}
		ExponentialBackOff backOff = new ExponentialBackOff(initial.toMillis(), multiplier);
		backOff.setMaxInterval(max.toMillis());
		BackOffExecution execution = backOff.start();
		long delay = 0;
		for (int step = 0; step < Math.min(attempt, MAX_STEPS); step++) {
			delay = execution.nextBackOff();
		}
		double spread = 1 + JITTER * ThreadLocalRandom.current().nextDouble(-1, 1);
		return Duration.ofMillis(Math.min(Math.round(delay * spread), max.toMillis()));
	}

}
