package io.pgqrs;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.pgqrs.store.Availability;
import io.pgqrs.store.Availability.Activity;
import io.pgqrs.store.MaintenanceStore;
import io.pgqrs.store.PgqrsStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Deletes what has outlived its retention, and warns of transactions that keep dead rows
 * alive. Every process may run it: in each interval one of them does the work for all.
 * Works in batches, for half of an interval at the most, and leaves the rest to the next.
 *
 * @since 0.1
 */
public final class Maintenance implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(Maintenance.class);

	private static final String TASK = "retention";

	private static final Duration LATEST_START = Duration.ofMinutes(1);

	/** After an outage. */
	private static final long RETRY_SECONDS = 5;

	/** For a batch that runs. */
	private static final long STOP_SECONDS = 10;

	private final MaintenanceStore store;

	private final Activity turn;

	private final Duration interval;

	private final RetentionTask retention;

	private final VacuumCheck vacuum;

	private final Map<Kind, Activity> removals = new EnumMap<>(Kind.class);

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable ScheduledExecutorService scheduler;

	private Consumer<Runnable> starter = Runnable::run;

	private volatile boolean running;

	private volatile boolean stopping;

	private volatile boolean retrying;

	/**
	 * Makes it; nothing happens before {@link #start()}.
	 * @param store the backend
	 * @param interval how often to look for something to do, at least a millisecond
	 * @param transactionWarning the age from which on a transaction is warned of, zero or
	 * more
	 * @param workerRetention how long workers that stopped or died are kept, zero or more
	 */
	public Maintenance(PgqrsStore store, Duration interval, Duration transactionWarning, Duration workerRetention) {
		this.store = store.maintenance();
		this.turn = store.availability().activity("maintenance", logger);
		this.interval = Arguments.positive("interval", interval);
		this.retention = new RetentionTask(this.store, Arguments.notNegative("workerRetention", workerRetention));
		this.vacuum = new VacuumCheck(this.store, interval,
				Arguments.notNegative("transactionWarning", transactionWarning));
		for (Kind kind : Kind.values()) {
			this.removals.put(kind,
					store.availability().activity("the removal of expired " + kind.description, logger));
		}
	}

	/**
	 * Sets who lets it begin when it is started, so that this may be done later.
	 * @param starter is given what begins, to be run now or at any time; default runs it
	 * at once
	 */
	public void setStarter(Consumer<Runnable> starter) {
		this.starter = starter;
	}

	/** Begins within a minute, or an interval that is shorter. */
	@Override
	public void start() {
		this.stopping = false;
		this.running = true;
		this.starter.accept(this::begin);
	}

	private void begin() {
		this.lock.lock();
		try {
			if (this.running && this.scheduler == null) {
				this.retrying = false;
				long latest = Math.min(this.interval.toMillis(), LATEST_START.toMillis());
				ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor((task) -> {
					Thread thread = new Thread(task, "pgqrs-maintenance");
					thread.setDaemon(true);
					return thread;
				});
				scheduler.scheduleWithFixedDelay(this::runOnce, ThreadLocalRandom.current().nextLong(latest + 1),
						this.interval.toMillis(), TimeUnit.MILLISECONDS);
				this.scheduler = scheduler;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits for the batch that runs. */
	@Override
	public void stop() {
		this.running = false;
		this.stopping = true;
		this.lock.lock();
		try {
			ScheduledExecutorService scheduler = this.scheduler;
			if (scheduler != null) {
				scheduler.shutdown();
				scheduler.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
				scheduler.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.scheduler = null;
			this.lock.unlock();
			this.turn.close();
			this.removals.values().forEach(Activity::close);
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * What this process has removed.
	 * @param kind of what
	 * @return how many since it was made
	 */
	public long removed(Kind kind) {
		return this.retention.removed(kind);
	}

	/** One turn. */
	void runOnce() {
		try {
			if (this.store.take(TASK, this.interval)) {
				removeExpired();
			}
			this.vacuum.run();
			this.turn.succeeded();
		}
		catch (Throwable ex) {
			// What a stop interrupted is nobody's failure.
			if (!this.stopping) {
				this.turn.failed(ex);
				retrySoon(ex);
			}
		}
	}

	/** An outage is not over before this has succeeded, and may not last that long. */
	private void retrySoon(Throwable failure) {
		ScheduledExecutorService scheduler = this.scheduler;
		if (scheduler != null && Availability.isOutage(failure) && !this.retrying) {
			this.retrying = true;
			try {
				scheduler.schedule(() -> {
					this.retrying = false;
					runOnce();
				}, RETRY_SECONDS, TimeUnit.SECONDS);
			}
			catch (RejectedExecutionException ex) {
				logger.trace("Stopped meanwhile", ex);
			}
		}
	}

	/** All kinds in turn, so that much of one does not keep the others waiting. */
	private void removeExpired() {
		long end = System.nanoTime() + this.interval.toNanos() / 2;
		Set<Kind> left = EnumSet.allOf(Kind.class);
		while (!left.isEmpty() && !this.stopping && System.nanoTime() < end) {
			this.removals.forEach((kind, removal) -> {
				if (left.contains(kind) && !this.stopping && !removeBatch(kind, removal)) {
					left.remove(kind);
				}
			});
		}
	}

	/** What fails for one kind keeps nothing from the others, unless it is an outage. */
	private boolean removeBatch(Kind kind, Activity removal) {
		try {
			boolean more = this.retention.removeBatch(kind);
			removal.succeeded();
			return more;
		}
		catch (RuntimeException ex) {
			if (Availability.isOutage(ex)) {
				throw ex;
			}
			removal.failed(ex);
			return false;
		}
	}

	/** What is removed. */
	public enum Kind {

		/** Archived messages. */
		ARCHIVED_MESSAGES("archived messages"),

		/** Dead letters. */
		DEAD_LETTERS("dead letters"),

		/** Runs of workflows that have ended, with their steps and signals. */
		RUNS("runs of workflows"),

		/** Workers that stopped or died. */
		WORKERS("workers");

		private final String description;

		Kind(String description) {
			this.description = description;
		}

	}

}
