package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.QueueMetrics;
import io.pgqrs.WorkerInfo;
import io.pgqrs.workflow.WorkflowMetrics;
import io.pgqrs.workflow.WorkflowOperations;
import org.jspecify.annotations.Nullable;

/**
 * What the database holds, asked for at most once in an interval, however many gauges,
 * health checks and people want to know.
 *
 * @since 0.1
 */
public class PgqrsSampler {

	private final PgqrsAdmin admin;

	private final @Nullable WorkflowOperations workflows;

	private final Duration interval;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable Sample last;

	/**
	 * Makes a sampler.
	 * @param admin knows queues and workers
	 * @param workflows knows runs, or null if the application has no workflows
	 * @param interval how old a sample may be
	 */
	public PgqrsSampler(PgqrsAdmin admin, @Nullable WorkflowOperations workflows, Duration interval) {
		this.admin = admin;
		this.workflows = workflows;
		this.interval = interval;
	}

	/**
	 * The last sample, or a new one if that is too old. Callers that come meanwhile wait
	 * for the same one.
	 * @return a sample that is not older than the interval
	 */
	public Sample sample() {
		Sample current = this.last;
		if (current != null && current.age().compareTo(this.interval) < 0) {
			return current;
		}
		this.lock.lock();
		try {
			current = this.last;
			if (current == null || current.age().compareTo(this.interval) >= 0) {
				long start = System.nanoTime();
				current = new Sample(this.admin.metrics(),
						(this.workflows != null) ? this.workflows.metrics() : List.of(), this.admin.workers(), start);
				this.last = current;
			}
			return current;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Forgets the last sample, because somebody changed what it shows. */
	public void reset() {
		this.last = null;
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

}
