package io.pgqrs;

import java.time.Duration;
import java.time.Instant;

import io.pgqrs.store.QueueRecord;
import io.pgqrs.store.QueueSettings;

/**
 * A queue as it is in the database.
 *
 * @param name its name
 * @param visibilityTimeout how long a lease lasts
 * @param maxAttempts deliveries before a message becomes a dead letter
 * @param initialBackoff delay after the first failure
 * @param backoffMultiplier growth of the delay from failure to failure
 * @param maxBackoff the longest delay
 * @param onSuccess what becomes of a handled message
 * @param retention how long the archive keeps it, at least
 * @param deadLetterRetention how long dead letters are kept, at least
 * @param paused whether nobody may claim
 * @param createdAt when it was created
 * @since 0.1
 */
public record QueueInfo(String name, Duration visibilityTimeout, int maxAttempts, Duration initialBackoff,
		double backoffMultiplier, Duration maxBackoff, OnSuccess onSuccess, Duration retention,
		Duration deadLetterRetention, boolean paused, Instant createdAt) {

	static QueueInfo of(QueueRecord queue) {
		QueueSettings settings = queue.settings();
		return new QueueInfo(queue.name(), settings.visibilityTimeout(), settings.maxAttempts(),
				settings.initialBackoff(), settings.backoffMultiplier(), settings.maxBackoff(),
				settings.archiveOnSuccess() ? OnSuccess.ARCHIVE : OnSuccess.DELETE, settings.archiveRetention(),
				settings.deadLetterRetention(), queue.paused(), queue.createdAt());
	}

}
