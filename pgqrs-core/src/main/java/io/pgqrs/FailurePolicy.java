package io.pgqrs;

import java.time.Duration;

/**
 * Decides what becomes of a message whose handling failed.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface FailurePolicy {

	/**
	 * Decides.
	 * @param failure what failed
	 * @return try again or give up
	 */
	Verdict decide(Failure failure);

	/**
	 * A failed delivery.
	 *
	 * @param message the message
	 * @param exception what its handler threw
	 * @param maxAttempts deliveries it may have in all
	 * @param queue its queue
	 */
	record Failure(QueueMessage message, Throwable exception, int maxAttempts, QueueInfo queue) {
	}

	/** What becomes of the message. */
	sealed interface Verdict {

	}

	/**
	 * It is tried again.
	 *
	 * @param delay how long it stays invisible, zero or more
	 */
	record Retry(Duration delay) implements Verdict {
	}

	/** It becomes a dead letter. */
	record GiveUp() implements Verdict {
	}

}
