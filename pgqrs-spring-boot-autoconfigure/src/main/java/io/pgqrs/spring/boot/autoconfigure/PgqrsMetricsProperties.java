package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of the metrics of pgqrs.
 *
 * @since 0.1
 */
@ConfigurationProperties("pgqrs.metrics")
public class PgqrsMetricsProperties {

	/**
	 * Whether to count what happens and to show what queues hold. Timers of enqueues,
	 * handlers and steps are switched off by 'management.observations.enable.pgqrs'.
	 */
	private boolean enabled = true;

	/**
	 * How often to ask the database what queues and workflows hold. Nobody asks more
	 * often, however many scrapes there are.
	 */
	private Duration interval = Duration.ofSeconds(10);

	/**
	 * How many queues, workflows and listeners have metrics. Those that appear later have
	 * none.
	 */
	private int maxQueues = 100;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public Duration getInterval() {
		return this.interval;
	}

	public void setInterval(Duration interval) {
		this.interval = interval;
	}

	public int getMaxQueues() {
		return this.maxQueues;
	}

	public void setMaxQueues(int maxQueues) {
		this.maxQueues = maxQueues;
	}

}
