package io.pgqrs.listener;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How a container works. Immutable; made by a {@link #builder()}.
 *
 * @param concurrency how many handlers run at once, at least 1; default 1
 * @param batchSize how many messages one claim returns at the most, at least 1; default
 * 10
 * @param batch whether the listener is called with all messages of a claim; default false
 * @param ackMode when a message counts as handled; default on success
 * @param visibilityTimeout how long a lease lasts, or null for the queue's setting; the
 * container extends it as long as a handler runs
 * @param pollInterval how often to look for messages that no wake-up announced; default 1
 * s
 * @param maxAttempts deliveries before a message becomes a dead letter, or null for the
 * queue's setting
 * @param autoStartup whether the container starts with the application context; default
 * true
 * @param shutdownTimeout how long a stop waits for running handlers; default 20 s
 * @since 0.1
 */
public record ContainerOptions(int concurrency, int batchSize, boolean batch, AckMode ackMode,
		@Nullable Duration visibilityTimeout, Duration pollInterval, @Nullable Integer maxAttempts, boolean autoStartup,
		Duration shutdownTimeout) {

	/**
	 * Checks the options.
	 * @throws IllegalArgumentException if a number or a duration is out of its range
	 */
	public ContainerOptions {
		Assert.isTrue(concurrency >= 1, () -> "'concurrency' must be at least 1, but is " + concurrency);
		Assert.isTrue(batchSize >= 1, () -> "'batchSize' must be at least 1, but is " + batchSize);
		Assert.isTrue(maxAttempts == null || maxAttempts >= 1,
				() -> "'maxAttempts' must be at least 1, but is " + maxAttempts);
		Assert.isTrue(visibilityTimeout == null || visibilityTimeout.toMillis() >= 10,
				() -> "'visibilityTimeout' must be at least 10 ms, but is " + visibilityTimeout);
		Assert.isTrue(pollInterval.toMillis() >= 1,
				() -> "'pollInterval' must be at least 1 ms, but is " + pollInterval);
		Assert.isTrue(!shutdownTimeout.isNegative(),
				() -> "'shutdownTimeout' must not be negative, but is " + shutdownTimeout);
	}

	/**
	 * Begins with the defaults.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Begins with these options.
	 * @return a new builder
	 */
	public Builder toBuilder() {
		return new Builder().concurrency(this.concurrency)
			.batchSize(this.batchSize)
			.batch(this.batch)
			.ackMode(this.ackMode)
			.visibilityTimeout(this.visibilityTimeout)
			.pollInterval(this.pollInterval)
			.maxAttempts(this.maxAttempts)
			.autoStartup(this.autoStartup)
			.shutdownTimeout(this.shutdownTimeout);
	}

	/** Collects options. */
	public static final class Builder {

		private int concurrency = 1;

		private int batchSize = 10;

		private boolean batch;

		private AckMode ackMode = AckMode.ON_SUCCESS;

		private @Nullable Duration visibilityTimeout;

		private Duration pollInterval = Duration.ofSeconds(1);

		private @Nullable Integer maxAttempts;

		private boolean autoStartup = true;

		private Duration shutdownTimeout = Duration.ofSeconds(20);

		private Builder() {
		}

		/**
		 * Sets how many handlers run at once.
		 * @param concurrency at least 1; default 1
		 * @return this
		 */
		public Builder concurrency(int concurrency) {
			this.concurrency = concurrency;
			return this;
		}

		/**
		 * Sets how many messages one claim returns at the most.
		 * @param batchSize at least 1; default 10
		 * @return this
		 */
		public Builder batchSize(int batchSize) {
			this.batchSize = batchSize;
			return this;
		}

		/**
		 * Sets whether the listener is called with all messages of a claim.
		 * @param batch default false
		 * @return this
		 */
		public Builder batch(boolean batch) {
			this.batch = batch;
			return this;
		}

		/**
		 * Sets when a message counts as handled.
		 * @param ackMode default {@link AckMode#ON_SUCCESS}
		 * @return this
		 */
		public Builder ackMode(AckMode ackMode) {
			this.ackMode = ackMode;
			return this;
		}

		/**
		 * Sets how long a lease lasts. The container extends it as long as a handler
		 * runs.
		 * @param visibilityTimeout at least 10 ms, or null for the queue's setting;
		 * default null
		 * @return this
		 */
		public Builder visibilityTimeout(@Nullable Duration visibilityTimeout) {
			this.visibilityTimeout = visibilityTimeout;
			return this;
		}

		/**
		 * Sets how often to look for messages that no wake-up announced.
		 * @param pollInterval at least 1 ms; default 1 s
		 * @return this
		 */
		public Builder pollInterval(Duration pollInterval) {
			this.pollInterval = pollInterval;
			return this;
		}

		/**
		 * Sets how many deliveries a message may have before it becomes a dead letter.
		 * @param maxAttempts at least 1, or null for the queue's setting; default null
		 * @return this
		 */
		public Builder maxAttempts(@Nullable Integer maxAttempts) {
			this.maxAttempts = maxAttempts;
			return this;
		}

		/**
		 * Sets whether the container starts with the application context.
		 * @param autoStartup default true
		 * @return this
		 */
		public Builder autoStartup(boolean autoStartup) {
			this.autoStartup = autoStartup;
			return this;
		}

		/**
		 * Sets how long a stop waits for running handlers.
		 * @param shutdownTimeout zero or more; default 20 s
		 * @return this
		 */
		public Builder shutdownTimeout(Duration shutdownTimeout) {
			this.shutdownTimeout = shutdownTimeout;
			return this;
		}

		/**
		 * Makes the options.
		 * @return immutable options
		 * @throws IllegalArgumentException if a number or a duration is out of its range
		 */
		public ContainerOptions build() {
			return new ContainerOptions(this.concurrency, this.batchSize, this.batch, this.ackMode,
					this.visibilityTimeout, this.pollInterval, this.maxAttempts, this.autoStartup,
					this.shutdownTimeout);
		}

	}

}
