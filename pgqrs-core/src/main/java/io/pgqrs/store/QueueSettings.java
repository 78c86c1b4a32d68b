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
 * @param archiveRetention how long the archive keeps them; recorded, nothing is removed
 * by it yet
 * @param deadLetterRetention how long dead letters are kept; recorded, nothing is removed
 * by it yet
 * @since 0.1
 */
public record QueueSettings(Duration visibilityTimeout, int maxAttempts, Duration initialBackoff,
		double backoffMultiplier, Duration maxBackoff, boolean archiveOnSuccess, Duration archiveRetention,
		Duration deadLetterRetention) {
}
