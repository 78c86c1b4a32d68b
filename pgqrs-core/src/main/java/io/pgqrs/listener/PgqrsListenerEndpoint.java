package io.pgqrs.listener;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A listener and what it asks for. What is null is up to the factory.
 *
 * @param id unique among all endpoints
 * @param queues what it listens to, at least one
 * @param listener handles the messages
 * @param errorHandler sees what the listener throws, or null for none
 * @param concurrency see {@link ContainerOptions}
 * @param batchSize see {@link ContainerOptions}
 * @param batch see {@link ContainerOptions}
 * @param ackMode see {@link ContainerOptions}
 * @param visibilityTimeout see {@link ContainerOptions}
 * @param pollInterval see {@link ContainerOptions}
 * @param maxAttempts see {@link ContainerOptions}
 * @param autoStartup see {@link ContainerOptions}
 * @since 0.1
 */
public record PgqrsListenerEndpoint(String id, List<String> queues, PgqrsMessageListener listener,
		@Nullable PgqrsListenerErrorHandler errorHandler, @Nullable Integer concurrency, @Nullable Integer batchSize,
		@Nullable Boolean batch, @Nullable AckMode ackMode, @Nullable Duration visibilityTimeout,
		@Nullable Duration pollInterval, @Nullable Integer maxAttempts, @Nullable Boolean autoStartup) {

	/**
	 * An endpoint that leaves everything to the factory.
	 * @param id unique among all endpoints
	 * @param queues what it listens to, at least one
	 * @param listener handles the messages
	 * @return the endpoint
	 */
	public static PgqrsListenerEndpoint of(String id, List<String> queues, PgqrsMessageListener listener) {
		return new PgqrsListenerEndpoint(id, queues, listener, null, null, null, null, null, null, null, null, null);
	}

	/**
	 * Puts what this endpoint asks for over other options.
	 * @param defaults of the factory
	 * @return the options of the container
	 */
	ContainerOptions over(ContainerOptions defaults) {
		ContainerOptions.Builder options = defaults.toBuilder();
		if (this.concurrency != null) {
			options.concurrency(this.concurrency);
		}
		if (this.batchSize != null) {
			options.batchSize(this.batchSize);
		}
		if (this.batch != null) {
			options.batch(this.batch);
		}
		if (this.ackMode != null) {
			options.ackMode(this.ackMode);
		}
		if (this.visibilityTimeout != null) {
			options.visibilityTimeout(this.visibilityTimeout);
		}
		if (this.pollInterval != null) {
			options.pollInterval(this.pollInterval);
		}
		if (this.maxAttempts != null) {
			options.maxAttempts(this.maxAttempts);
		}
		if (this.autoStartup != null) {
			options.autoStartup(this.autoStartup);
		}
		return options.build();
	}

}
