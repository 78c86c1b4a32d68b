package io.pgqrs;

import java.time.Duration;

import io.pgqrs.store.MaintenanceStore;
import io.pgqrs.store.MaintenanceStore.OldestTransaction;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Warns of a transaction that keeps dead rows alive. Who has warned keeps the check to
 * itself until that is over, so that all processes together write two lines about it.
 */
final class VacuumCheck {

	private static final Log logger = LogFactory.getLog(Maintenance.class);

	private static final String TASK = "vacuum-check";

	/** Fewer are no matter of concern: autovacuum begins at 2,000. */
	static final int DEAD_ROWS = 10_000;

	private final MaintenanceStore store;

	private final Duration interval;

	private final Duration threshold;

	private boolean warned;

	VacuumCheck(MaintenanceStore store, Duration interval, Duration threshold) {
		this.store = store;
		this.interval = interval;
		this.threshold = threshold;
	}

	void run() {
		if (this.warned) {
			// Not due for others until this process has missed a turn.
			this.store.hold(TASK, this.interval.multipliedBy(2));
		}
		else if (!this.store.take(TASK, this.interval)) {
			return;
		}
		OldestTransaction oldest = this.store.oldestTransaction();
		boolean old = oldest != null && oldest.age().compareTo(this.threshold) >= 0;
		if (this.warned && !old) {
			this.warned = false;
			logger.info("No transaction is older than " + this.threshold
					+ " any more: what was deleted can be removed from the tables");
		}
		else if (!this.warned && oldest != null && old && oldest.deadRows() >= DEAD_ROWS) {
			this.warned = true;
			this.store.hold(TASK, this.interval.multipliedBy(2));
			logger.warn("A transaction that began " + oldest.age().toSeconds()
					+ " s ago keeps vacuum from removing about " + oldest.deadRows()
					+ " dead rows of the messages, and slows down all queues: " + oldest.holder()
					+ ". End it, or its session by pg_terminate_backend; transaction_timeout and "
					+ "idle_in_transaction_session_timeout end such transactions by themselves");
		}
	}

}
