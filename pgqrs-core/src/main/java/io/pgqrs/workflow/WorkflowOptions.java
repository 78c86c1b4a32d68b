package io.pgqrs.workflow;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What one workflow asks for. What is null is up to the application.
 *
 * @param concurrency how many runs this process executes at once, at least 1
 * @param visibilityTimeout how long a lease of a run lasts, at least 10 ms
 * @param autoStartup whether its container starts with the application context
 * @param retention how long runs are kept that succeeded or were cancelled, at least a
 * millisecond; a key is remembered as long as its run
 * @param failedRetention how long runs are kept that ended with an error, at least a
 * millisecond
 * @since 0.1
 */
public record WorkflowOptions(@Nullable Integer concurrency, @Nullable Duration visibilityTimeout,
		@Nullable Boolean autoStartup, @Nullable Duration retention, @Nullable Duration failedRetention) {

	/**
	 * Leaves everything to the application.
	 */
	public static final WorkflowOptions INHERITED = new WorkflowOptions(null, null, null, null, null);

	/**
	 * Puts these options over others.
	 * @param defaults counts where these say nothing
	 * @return the options together
	 */
	public WorkflowOptions over(WorkflowOptions defaults) {
		return new WorkflowOptions((this.concurrency != null) ? this.concurrency : defaults.concurrency,
				(this.visibilityTimeout != null) ? this.visibilityTimeout : defaults.visibilityTimeout,
				(this.autoStartup != null) ? this.autoStartup : defaults.autoStartup,
				(this.retention != null) ? this.retention : defaults.retention,
				(this.failedRetention != null) ? this.failedRetention : defaults.failedRetention);
	}

}
