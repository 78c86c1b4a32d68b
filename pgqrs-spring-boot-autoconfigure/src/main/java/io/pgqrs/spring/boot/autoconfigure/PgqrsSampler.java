package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.QueueMetrics;
import io.pgqrs.WorkerInfo;
import io.pgqrs.workflow.WorkflowMetrics;
import io.pgqrs.workflow.WorkflowOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.TransientDataAccessResourceException;

/**
 * What the database holds, asked for at most once in an interval, however many gauges,
 * health checks and people want to know.
 *
 * @since 0.1
 */
public class PgqrsSampler {

	/**
	 * No message is counted beyond this. Each process looks at all queues every few
	 * seconds, and at each row that is counted where a table has not been vacuumed for
	 * long. {@link PgqrsAdmin#metrics(String)} counts one queue further.
	 */
	public static final int COUNT_LIMIT = 10_000;

	/** For somebody else who asks the database. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final PgqrsAdmin admin;

	private final @Nullable WorkflowOperations workflows;

	private final Duration interval;

	private final Duration patience;

	private final ReentrantLock lock = new ReentrantLock();

	private final AtomicLong resets = new AtomicLong();

	private volatile @Nullable Taken last;

	private volatile @Nullable Failed failure;

	/**
	 * Makes a sampler.
	 * @param admin knows queues and workers
	 * @param workflows knows runs, or null if the application has no workflows
	 * @param interval how old a sample may be
	 */
	public PgqrsSampler(PgqrsAdmin admin, @Nullable WorkflowOperations workflows, Duration interval) {
		this(admin, workflows, interval, PATIENCE);
	}

	PgqrsSampler(PgqrsAdmin admin, @Nullable WorkflowOperations workflows, Duration interval, Duration patience) {
		this.admin = admin;
		this.workflows = workflows;
		this.interval = interval;
		this.patience = patience;
	}

	/**
	 * The last sample, or a new one if that is too old. Callers that come meanwhile wait
	 * for the same one, or fail as it does.
	 * @return a sample that is not older than the interval
	 * @throws TransientDataAccessResourceException if somebody else has been waiting for
	 * the database for longer than ten seconds
	 */
	public Sample sample() {
		Failed before = this.failure;
		Sample current = current();
		if (current != null) {
			return current;
		}
		lock();
		try {
			current = current();
			if (current != null) {
				return current;
			}
			Failed meanwhile = this.failure;
			if (meanwhile != null && meanwhile != before) {
				// Else each who waited would wait as long as the pool does, one by one.
				throw meanwhile.cause();
			}
			return take();
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable Sample current() {
		Taken taken = this.last;
		if (taken == null || taken.resets() != this.resets.get()
				|| taken.sample().age().compareTo(this.interval) >= 0) {
			return null;
		}
		return taken.sample();
	}

	private void lock() {
		try {
			if (!this.lock.tryLock(this.patience.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new TransientDataAccessResourceException(
						"The database has not answered for " + this.patience + " what queues hold");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new TransientDataAccessResourceException("Interrupted while the database was asked what queues hold",
					ex);
		}
	}

	private Sample take() {
		long resets = this.resets.get();
		long start = System.nanoTime();
		try {
			Sample sample = new Sample(this.admin.metrics(COUNT_LIMIT),
					(this.workflows != null) ? this.workflows.metrics() : List.of(), this.admin.workers(), start);
			this.last = new Taken(sample, resets);
			this.failure = null;
			return sample;
		}
		catch (RuntimeException ex) {
			this.failure = new Failed(ex);
			throw ex;
		}
	}

	/**
	 * Forgets the last sample, and one that is being taken, because somebody changed what
	 * it shows.
	 */
	public void reset() {
		this.resets.incrementAndGet();
	}

	/**
	 * What the database held.
	 *
	 * @param queues by name
	 * @param workflows by name
	 * @param workers the youngest first
	 * @param takenAt as {@code System.nanoTime()}
	 */
	public record Sample(List<QueueMetrics> queues, List<WorkflowMetrics> workflows, List<WorkerInfo> workers,
			long takenAt) {

		/**
		 * How old it is.
		 * @return since before it was taken
		 */
		public Duration age() {
			return Duration.ofNanos(System.nanoTime() - this.takenAt);
		}

	}

	/** A sample, and how many resets there had been when it began. */
	private record Taken(Sample sample, long resets) {

	}

	/** One attempt to take a sample. */
	private record Failed(RuntimeException cause) {

	}

}
