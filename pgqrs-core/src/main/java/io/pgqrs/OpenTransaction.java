package io.pgqrs;

import java.time.Duration;

import io.pgqrs.store.MaintenanceStore.OldestTransaction;

/**
 * A transaction that keeps dead rows alive: what was deleted since it began stays in the
 * tables and their indexes until it ends, however often vacuum runs, and is in the way of
 * every claim.
 *
 * @param age since it began
 * @param holder who has it open, in words, such as the process id and the application
 * @param deadRows of the messages that could not be removed yet, as the database
 * estimates
 * @since 0.1
 */
public record OpenTransaction(Duration age, String holder, long deadRows) {

	static OpenTransaction of(OldestTransaction transaction) {
		return new OpenTransaction(transaction.age(), transaction.holder(), transaction.deadRows());
	}

}
