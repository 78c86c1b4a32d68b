package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What one process does for all now and then.
 *
 * @since 0.1
 */
@ConfigurationProperties("pgqrs.maintenance")
public class PgqrsMaintenanceProperties {

	/**
	 * Whether this process takes its turn at removing what has outlived its retention.
	 */
	private boolean enabled = true;

	/**
	 * How often one of all processes removes what has outlived its retention.
	 */
	private Duration interval = Duration.ofMinutes(1);

	/**
	 * Age from which on a transaction is warned of that keeps vacuum on PostgreSQL from
	 * removing dead rows.
	 */
	private Duration transactionWarning = Duration.ofMinutes(5);

	/**
	 * How long processes are remembered that stopped or died.
	 */
	private Duration workerRetention = Duration.ofDays(1);

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

	public Duration getTransactionWarning() {
		return this.transactionWarning;
	}

	public void setTransactionWarning(Duration transactionWarning) {
		this.transactionWarning = transactionWarning;
	}

	public Duration getWorkerRetention() {
		return this.workerRetention;
	}

	public void setWorkerRetention(Duration workerRetention) {
		this.workerRetention = workerRetention;
	}

}
