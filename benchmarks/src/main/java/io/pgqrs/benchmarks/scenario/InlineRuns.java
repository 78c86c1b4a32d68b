package io.pgqrs.benchmarks.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import io.pgqrs.benchmarks.Comparison.Trial.Work;
import io.pgqrs.benchmarks.contender.WorkflowContender;
import io.pgqrs.benchmarks.contender.Workflows;
import io.pgqrs.benchmarks.database.Database;

/** Runs that are executed by the threads that ask for them, for a fixed time. */
final class InlineRuns implements Work {

	private static final Duration WARM_UP = Duration.ofMillis(500);

	private static final Duration MEASURED = Duration.ofSeconds(2);

	private final WorkflowContender contender;

	private final Database database;

	private final RunSettings settings;

	private boolean warm;

	/**
	 * Makes them.
	 * @param contender who executes them
	 * @param database where
	 * @param settings how
	 * @param warm whether the same code has run often enough to be compiled; otherwise
	 * the first turn takes twice the time
	 */
	InlineRuns(WorkflowContender contender, Database database, RunSettings settings, boolean warm) {
		this.contender = contender;
		this.database = database;
		this.settings = settings;
		this.warm = warm;
	}

	@Override
	public Map<String, Double> measure() throws Exception {
		this.database.clean();
		try (Workflows workflows = this.contender.open(this.database, this.settings.concurrency(),
				this.settings.poolSize())) {
			if (!this.warm) {
				rate(workflows);
				this.warm = true;
			}
			this.database.settle();
			return this.settings.figures(rate(workflows));
		}
	}

	private double rate(Workflows workflows) throws Exception {
		long begin = System.nanoTime() + WARM_UP.toNanos();
		long end = begin + MEASURED.toNanos();
		AtomicLong ended = new AtomicLong();
		Callable<Void> caller = () -> {
			long now = System.nanoTime();
			while (now - end < 0) {
				workflows.run(this.settings.steps());
				now = System.nanoTime();
				if (now - begin >= 0 && now - end < 0) {
					ended.incrementAndGet();
				}
			}
			return null;
		};
		ExecutorService threads = Executors.newFixedThreadPool(this.settings.concurrency());
		try {
			List<Future<Void>> callers = new ArrayList<>();
			for (int i = 0; i < this.settings.concurrency(); i++) {
				callers.add(threads.submit(caller));
			}
			for (Future<Void> each : callers) {
				each.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		return ended.get() / (MEASURED.toNanos() / 1e9);
	}

}
