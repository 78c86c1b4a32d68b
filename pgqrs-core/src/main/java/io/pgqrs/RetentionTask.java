package io.pgqrs;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.pgqrs.Maintenance.Kind;
import io.pgqrs.store.MaintenanceStore;

/** Deletes what has outlived its retention, batch by batch, and counts it. */
final class RetentionTask {

	/**
	 * One transaction of a few milliseconds: it holds up the other writers of a SQLite
	 * file for no longer.
	 */
	static final int BATCH = 1_000;

	private final MaintenanceStore store;

	private final Duration workerRetention;

	private final Map<Kind, AtomicLong> removed = new EnumMap<>(Kind.class);

	RetentionTask(MaintenanceStore store, Duration workerRetention) {
		this.store = store;
		this.workerRetention = workerRetention;
		for (Kind kind : Kind.values()) {
			this.removed.put(kind, new AtomicLong());
		}
	}

	/**
	 * Deletes a batch.
	 * @return whether it was full, so that there may be more
	 */
	boolean removeBatch(Kind kind) {
		int count = switch (kind) {
			case ARCHIVED_MESSAGES -> this.store.deleteArchived(BATCH);
			case DEAD_LETTERS -> this.store.deleteDeadLetters(BATCH);
			case RUNS -> this.store.deleteRuns(BATCH);
			case WORKERS -> this.store.deleteWorkers(this.workerRetention, BATCH);
		};
		removedOf(kind).addAndGet(count);
		return count == BATCH;
	}

	long removed(Kind kind) {
		return removedOf(kind).get();
	}

	@SuppressWarnings("NullAway") // there is one for each kind
	private AtomicLong removedOf(Kind kind) {
		return this.removed.get(kind);
	}

}
