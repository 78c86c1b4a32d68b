package io.pgqrs.workflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.pgqrs.WakeUps;
import io.pgqrs.WakeUps.Subscription;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.WorkflowRunStore;
import io.pgqrs.support.FailureReport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for runs to end. All of them are looked for in one statement, when a process
 * says that some run has ended, and once a second in any case: a thousand who wait cost
 * no more than one. Processes tell each other of ends only while some of them waits.
 */
final class RunResults implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(RunResults.class);

	/** What processes tell each other by wake-ups: some run has ended. */
	private static final String ENDED = "workflow.ended";

	/** And before: somebody waits for a run to end, and wants to be told. */
	private static final String AWAITED = "workflow.awaited";

	private static final long POLL_MILLIS = 1_000;

	/** Who still waits says so again after this. */
	private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(10);

	/** Others are told for so long after they have last said that they wait. */
	private static final long TELL_NANOS = ASK_NANOS * 3;

	private static final int CHUNK = 1_000;

	private final WorkflowRunStore runs;

	private final WakeUps wakeUps;

	private final ScheduledThreadPoolExecutor scheduler;

	private final Map<Long, Queue<CompletableFuture<RunRecord>>> waiting = new ConcurrentHashMap<>();

	private final AtomicBoolean polling = new AtomicBoolean();

	private final AtomicBoolean asked = new AtomicBoolean();

	private final AtomicLong askedOthersAt = new AtomicLong(System.nanoTime() - ASK_NANOS);

	/** While this process asks, for it hears itself. */
	private volatile boolean asking;

	private volatile long othersAskedAt = System.nanoTime() - TELL_NANOS;

	private @Nullable Subscription subscription;

	private @Nullable Subscription others;

	RunResults(WorkflowRunStore runs, WakeUps wakeUps, ScheduledThreadPoolExecutor scheduler) {
		this.runs = runs;
		this.wakeUps = wakeUps;
		this.scheduler = scheduler;
	}

	/**
	 * Waits for a run to end.
	 * @param runId id of the run
	 * @return is completed with the run; to be {@linkplain #forget forgotten} by who no
	 * longer waits
	 */
	CompletableFuture<RunRecord> await(long runId) {
		CompletableFuture<RunRecord> future = new CompletableFuture<>();
		this.waiting.compute(runId, (id, others) -> {
			Queue<CompletableFuture<RunRecord>> all = (others != null) ? others : new ConcurrentLinkedQueue<>();
			all.add(future);
			return all;
		});
		subscribe();
		askOthers();
		if (this.polling.compareAndSet(false, true)) {
			schedule();
		}
		return future;
	}

	void forget(long runId, CompletableFuture<RunRecord> future) {
		this.waiting.computeIfPresent(runId, (id, all) -> {
			all.remove(future);
			return all.isEmpty() ? null : all;
		});
	}

	/** Some runs ended here: tells everybody who waits. */
	void someEnded() {
		lookSoon(Duration.ZERO);
		if (System.nanoTime() - this.othersAskedAt < TELL_NANOS) {
			this.wakeUps.becomesDue(ENDED, Duration.ZERO);
		}
	}

	/** Listens for others who wait. To be called by who executes runs. */
	synchronized void listen() {
		if (this.others == null) {
			this.others = this.wakeUps.subscribe(List.of(AWAITED), (delay) -> {
				if (!this.asking) {
					this.othersAskedAt = System.nanoTime();
				}
			});
		}
	}

	private synchronized void subscribe() {
		if (this.subscription == null) {
			this.subscription = this.wakeUps.subscribe(List.of(ENDED), this::lookSoon);
		}
	}

	private void askOthers() {
		long last = this.askedOthersAt.get();
		long now = System.nanoTime();
		if (now - last >= ASK_NANOS && this.askedOthersAt.compareAndSet(last, now)) {
			this.asking = true;
			this.wakeUps.becomesDue(AWAITED, Duration.ZERO);
			this.asking = false;
		}
	}

	private void lookSoon(Duration delay) {
		if (!this.waiting.isEmpty() && this.asked.compareAndSet(false, true)) {
			try {
				this.scheduler.schedule(this::look, delay.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (RejectedExecutionException ex) {
				logger.trace("Nobody waits any more", ex);
			}
		}
	}

	private void schedule() {
		this.scheduler.schedule(this::poll, POLL_MILLIS, TimeUnit.MILLISECONDS);
	}

	private void poll() {
		look();
		if (!this.waiting.isEmpty()) {
			askOthers();
			schedule();
			return;
		}
		this.polling.set(false);
		// Who came in between saw that somebody polls.
		if (!this.waiting.isEmpty() && this.polling.compareAndSet(false, true)) {
			schedule();
		}
	}

	private void look() {
		this.asked.set(false);
		List<Long> ids = new ArrayList<>(this.waiting.keySet());
		try {
			for (int from = 0; from < ids.size(); from += CHUNK) {
				this.runs.ended(ids.subList(from, Math.min(from + CHUNK, ids.size()))).forEach(this::complete);
			}
		}
		catch (RuntimeException ex) {
			logger.debug("Could not look for results, and tries again: " + FailureReport.rootMessage(ex));
		}
	}

	private void complete(RunRecord run) {
		Queue<CompletableFuture<RunRecord>> all = this.waiting.remove(run.id());
		if (all != null) {
			all.forEach((future) -> future.complete(run));
		}
	}

	@Override
	public synchronized void close() {
		if (this.others != null) {
			this.others.close();
		}
		if (this.subscription != null) {
			this.subscription.close();
		}
	}

}
