package io.pgqrs.store.postgres;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.pgqrs.store.jdbc.ClaimedRow;

/**
 * Where the claims of one consumer stand in the index, and when they start again at the
 * beginning: once a second, and as soon as a claim comes back short, unless the last two
 * sweeps were so slow that sweeping at once would cost more than a twentieth of the time.
 * A sweep is slow where deleted rows have piled up, and only there.
 */
final class ClaimCursor {

	private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

	/** A sweep may take a twentieth of the time. */
	private static final int PAUSE_FACTOR = 20;

	private final ReentrantLock lock = new ReentrantLock();

	private final LongSupplier nanoTime;

	/** By level. */
	private final Map<Integer, Position> positions = new HashMap<>();

	private boolean full;

	private long sweptAt;

	private long lastNanos;

	private long pause;

	ClaimCursor() {
		this(System::nanoTime);
	}

	ClaimCursor(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Where the next claim goes on.
	 * @return highest level first; empty for a sweep
	 */
	List<Position> positions() {
		this.lock.lock();
		try {
			long elapsed = this.nanoTime.getAsLong() - this.sweptAt;
			boolean sweep = this.positions.isEmpty() || elapsed >= Math.max(SWEEP_NANOS, this.pause)
					|| (!this.full && elapsed >= this.pause);
			if (sweep) {
				return List.of();
			}
			return this.positions.values()
				.stream()
				.sorted(Comparator.comparingInt(Position::priority).reversed())
				.toList();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether a claim that came back short may be followed by a sweep at once. */
	boolean maySweep() {
		this.lock.lock();
		try {
			return this.nanoTime.getAsLong() - this.sweptAt >= this.pause;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A claim that went on from {@link #positions()} took these rows. */
	void advance(List<ClaimedRow> rows, boolean full) {
		this.lock.lock();
		try {
			moveTo(rows);
			this.full = full;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A sweep took these rows. */
	void swept(List<ClaimedRow> rows, boolean full, long nanos) {
		this.lock.lock();
		try {
			// The faster of two: a first connection or a collection of garbage is no slow
			// sweep.
			this.pause = Math.min(Math.min(nanos, this.lastNanos) * PAUSE_FACTOR, MAX_PAUSE_NANOS);
			this.lastNanos = nanos;
			// An idle queue costs one statement for each claim, not two, unless that one
			// is slow.
			if (!rows.isEmpty() || this.pause < SWEEP_NANOS) {
				this.positions.clear();
			}
			moveTo(rows);
			this.full = full;
			this.sweptAt = this.nanoTime.getAsLong();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void moveTo(List<ClaimedRow> rows) {
		for (ClaimedRow row : rows) {
			this.positions.merge(row.priority(), new Position(row.priority(), row.dueAt(), row.id()),
					(a, b) -> (a.compareTo(b) >= 0) ? a : b);
		}
	}

	/**
	 * The last row that was claimed on a level.
	 *
	 * @param priority the level
	 * @param dueAt when it was due
	 * @param id its id
	 */
	record Position(int priority, Instant dueAt, long id) implements Comparable<Position> {

		@Override
		public int compareTo(Position other) {
			int order = this.dueAt.compareTo(other.dueAt);
			return (order != 0) ? order : Long.compare(this.id, other.id);
		}

	}

}
