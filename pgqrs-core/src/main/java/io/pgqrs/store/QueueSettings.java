package io.pgqrs.store;

import java.time.Duration;

/**
 * How a queue treats its messages.
 *
 * @param visibilityTimeout how long a lease lasts
 * @param maxAttempts deliveries before a message becomes a dead letter
 * @param initialBackoff delay after the first failure
 * @param backoffMultiplier growth of the delay from failure to failure
 * @param maxBackoff the longest delay
 * @param archiveOnSuccess whether completed messages are kept in the archive
 * @param archiveRetention how long the archive keeps them, at least; the queue of a
 * workflow keeps its runs so long that succeeded or were cancelled
 * @param deadLetterRetention how long dead letters are kept, at least; the queue of a
 * workflow keeps its runs so long that failed
 * @since 0.1
 */
public record QueueSettings(Duration visibilityTimeout, int maxAttempts, Duration initialBackoff,
		double backoffMultiplier, Duration maxBackoff, boolean archiveOnSuccess, Duration archiveRetention,
		Duration deadLetterRetention) {
}
