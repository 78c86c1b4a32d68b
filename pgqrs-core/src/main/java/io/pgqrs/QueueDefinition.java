package io.pgqrs;

import java.time.Duration;

import io.pgqrs.store.QueueSettings;

/**
 * A queue to create, immutable: {@code QueueDefinition.named("emails").maxAttempts(3)}.
 * What is not set is the default of every queue: visibility timeout 30 s, 5 attempts,
 * backoff from 1 s doubling to 5 min, archive on success, a retention of 7 days for the
 * archive and of 30 for dead letters. The queue of a workflow keeps runs that have ended
 * for 30 days.
 *
 * @since 0.1
 */
public final class QueueDefinition {

	private static final QueueSettings DEFAULTS = new QueueSettings(Duration.ofSeconds(30), 5, Duration.ofSeconds(1), 2,
			Duration.ofMinutes(5), true, Duration.ofDays(7), Duration.ofDays(30));

	private static final Duration RUN_RETENTION = Duration.ofDays(30);

	private final String name;

	private final QueueSettings settings;

	private QueueDefinition(String name, QueueSettings settings) {
		this.name = name;
		this.settings = settings;
	}

	/**
	 * A queue with the default settings.
	 * @param name 1 to 200 characters
	 * @return the definition
	 */
	public static QueueDefinition named(String name) {
		QueueDefinition definition = new QueueDefinition(Arguments.queueName(name), DEFAULTS);
		return WorkflowQueues.isOne(name) ? definition.retention(RUN_RETENTION) : definition;
	}

	/**
	 * Name of the queue.
	 * @return 1 to 200 characters
	 */
	public String name() {
		return this.name;
	}

	QueueSettings settings() {
		return this.settings;
	}

	/**
	 * Sets how long a lease lasts, unless a consumer asks for another time.
	 * @param visibilityTimeout at least a millisecond
	 * @return the changed definition
	 */
	public QueueDefinition visibilityTimeout(Duration visibilityTimeout) {
		QueueSettings s = this.settings;
		return with(new QueueSettings(Arguments.positive("visibilityTimeout", visibilityTimeout), s.maxAttempts(),
				s.initialBackoff(), s.backoffMultiplier(), s.maxBackoff(), s.archiveOnSuccess(), s.archiveRetention(),
				s.deadLetterRetention()));
	}

	/**
	 * Sets how often a message is delivered before it becomes a dead letter.
	 * @param maxAttempts at least 1
	 * @return the changed definition
	 */
	public QueueDefinition maxAttempts(int maxAttempts) {
		QueueSettings s = this.settings;
		return with(new QueueSettings(s.visibilityTimeout(), Arguments.atLeastOne("maxAttempts", maxAttempts),
				s.initialBackoff(), s.backoffMultiplier(), s.maxBackoff(), s.archiveOnSuccess(), s.archiveRetention(),
				s.deadLetterRetention()));
	}

	/**
	 * Sets the delay between attempts. Each delay is shortened or lengthened by up to a
	 * fifth at random, so that what failed together does not come back together.
	 * @param initial delay after the first failure, zero or more
	 * @param multiplier growth from failure to failure, at least 1
	 * @param max the longest delay, at least {@code initial}
	 * @return the changed definition
	 */
	public QueueDefinition backoff(Duration initial, double multiplier, Duration max) {
		Arguments.notNegative("backoff", initial);
		Arguments.check(multiplier >= 1 && multiplier <= 1000,
				() -> "The backoff multiplier must be between 1 and 1000, not " + multiplier);
		Arguments.check(Arguments.notNegative("maxBackoff", max).compareTo(initial) >= 0,
				() -> "The longest backoff (" + max + ") must not be shorter than the first (" + initial + ")");
		QueueSettings s = this.settings;
		return with(new QueueSettings(s.visibilityTimeout(), s.maxAttempts(), initial, multiplier, max,
				s.archiveOnSuccess(), s.archiveRetention(), s.deadLetterRetention()));
	}

	/**
	 * Sets what becomes of a handled message.
	 * @param onSuccess archive or delete
	 * @return the changed definition
	 */
	public QueueDefinition onSuccess(OnSuccess onSuccess) {
		QueueSettings s = this.settings;
		return with(new QueueSettings(s.visibilityTimeout(), s.maxAttempts(), s.initialBackoff(), s.backoffMultiplier(),
				s.maxBackoff(), onSuccess == OnSuccess.ARCHIVE, s.archiveRetention(), s.deadLetterRetention()));
	}

	/**
	 * Sets how long the archive keeps a handled message. It is removed by the next
	 * maintenance after that, by whichever process does it.
	 * @param retention from a millisecond, so to speak until the next maintenance, to a
	 * hundred years, so to speak for ever
	 * @return the changed definition
	 */
	public QueueDefinition retention(Duration retention) {
		QueueSettings s = this.settings;
		return with(new QueueSettings(s.visibilityTimeout(), s.maxAttempts(), s.initialBackoff(), s.backoffMultiplier(),
				s.maxBackoff(), s.archiveOnSuccess(), Arguments.positive("retention", retention),
				s.deadLetterRetention()));
	}

	/**
	 * Sets how long dead letters are kept. They are removed by the next maintenance after
	 * that, by whichever process does it.
	 * @param retention from a millisecond to a hundred years, as {@link #retention}
	 * @return the changed definition
	 */
	public QueueDefinition deadLetterRetention(Duration retention) {
		QueueSettings s = this.settings;
		return with(new QueueSettings(s.visibilityTimeout(), s.maxAttempts(), s.initialBackoff(), s.backoffMultiplier(),
				s.maxBackoff(), s.archiveOnSuccess(), s.archiveRetention(),
				Arguments.positive("deadLetterRetention", retention)));
	}

	private QueueDefinition with(QueueSettings settings) {
		return new QueueDefinition(this.name, settings);
	}

}
