package io.pgqrs.benchmarks.scenario;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.pgqrs.benchmarks.Comparison.Trial.Work;
import io.pgqrs.benchmarks.contender.WorkflowContender;
import io.pgqrs.benchmarks.contender.Workflows;
import io.pgqrs.benchmarks.database.Database;

/**
 * Runs that wait in a queue when it begins. The clock starts when consuming has begun, so
 * that a contender's own start does not count. Each turn executes as many runs as the one
 * before says that there is time for: contenders differ too much for one number, and a
 * backlog that is not worked off is not the same work either.
 */
final class QueuedRuns implements Work {

	private static final Duration MEASURED = Duration.ofMillis(2_500);

	private static final Duration AT_MOST = Duration.ofSeconds(6);

	private static final int FIRST_RUNS = 1_000;

	private static final int MIN_RUNS = 300;

	private static final int MAX_RUNS = 20_000;

	private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

	private final WorkflowContender contender;

	private final Database database;

	private final RunSettings settings;

	private int runs;

	QueuedRuns(WorkflowContender contender, Database database, RunSettings settings) {
		this.contender = contender;
		this.database = database;
		this.settings = settings;
	}

	@Override
	public Map<String, Double> measure() throws Exception {
		if (this.runs == 0) {
			plan(rate(FIRST_RUNS));
		}
		double rate = rate(this.runs);
		plan(rate);
		return this.settings.figures(rate);
	}

	private void plan(double rate) {
		this.runs = (int) Math.max(MIN_RUNS, Math.min(MAX_RUNS, rate * MEASURED.toMillis() / 1e3));
	}

	private double rate(int runs) throws Exception {
		this.database.clean();
		try (Workflows workflows = this.contender.open(this.database, this.settings.concurrency(),
				this.settings.poolSize())) {
			workflows.startAll(runs, this.settings.steps());
			this.database.settle();
			workflows.consume();
			return rateOf(workflows, runs);
		}
	}

	private double rateOf(Workflows workflows, int runs) throws Exception {
		long before = workflows.ended();
		long begin = System.nanoTime();
		long ended = before;
		long elapsed = 0;
		while (ended < runs && elapsed < AT_MOST.toNanos()) {
			TimeUnit.NANOSECONDS.sleep(pause(ended - before, runs - ended, elapsed));
			ended = workflows.ended();
			elapsed = System.nanoTime() - begin;
		}
		if (ended == before) {
			throw new IllegalStateException(this.contender.name() + " executed no run in " + AT_MOST);
		}
		return (ended - before) / (elapsed / 1e9);
	}

	/** Counting costs something: seldom while much is left, often towards the end. */
	private static long pause(long ended, long left, long elapsed) {
		long forTheRest = (ended == 0) ? 0 : elapsed / ended * left;
		return Math.max(MIN_PAUSE_NANOS, Math.min(MAX_PAUSE_NANOS, forTheRest / 2));
	}

}
