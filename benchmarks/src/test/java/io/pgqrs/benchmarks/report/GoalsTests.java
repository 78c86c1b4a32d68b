package io.pgqrs.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.Result;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GoalsTests {

	private final List<Result> results = new ArrayList<>();

	@Test
	void idsAreUnique() {
		assertThat(Goals.all()).extracting(Goal::id).doesNotHaveDuplicates();
	}

	@Test
	void nothingIsMeasuredWithoutResults() {
		assertThat(Goals.all()).allSatisfy((goal) -> assertThat(goal.outcome(measured())).isEmpty());
	}

	@Test
	void drainsAreComparedWithinOneScenario() {
		drained(Names.DRAIN_PEERS, 50, Names.PGQRS, 30_000);
		drained(Names.DRAIN, 50, Names.PGQRS, 35_000);
		drained(Names.DRAIN, 50, Names.BARE_LOOP, 50_000);
		assertOutcome("drain-bare-50", "0.70", true);
	}

	@Test
	void otherNumbersOfConsumersAreNotCompared() {
		add(Names.DRAIN, Map.of(Names.CONSUMERS, 1, Names.BATCH, 50, Names.ON_SUCCESS, Names.DELETE), Names.PGQRS,
				Map.of(Names.MESSAGES_PER_SECOND, 1.0));
		drained(Names.DRAIN, 50, Names.BARE_LOOP, 1);
		assertNotMeasured("drain-bare-50");
	}

	@Test
	void theBestTuningOfAPeerCounts() {
		drained(Names.DRAIN_PEERS, 50, Names.PGQRS, 20_000);
		drained(Names.DRAIN_PEERS, 50, "db-scheduler 0.5/1.0", 2_000);
		drained(Names.DRAIN_PEERS, 50, "db-scheduler 1.0/4.0", 5_000);
		assertOutcome("drain-db-scheduler", "4.00 ×", false);
	}

	@Test
	void theBestPoolSizeOfEachCounts() {
		runs(Names.PGQRS, 4, 900);
		runs(Names.PGQRS, 10, 800);
		runs(Names.DBOS, 4, 50);
		runs(Names.DBOS, 20, 100);
		assertOutcome("workflows-queued", "9.00 ×", true);
		assertNotMeasured("workflows-inline");
	}

	@Test
	void theWorstOfTheStatementsPerRunCounts() {
		costs(0, 1.5);
		costs(3, 5.5);
		costs(10, 11);
		assertOutcome("workflows-statements", "k + 2.50", false);
	}

	@Test
	void enqueueAllNeedsOnlyOneOfItsBounds() {
		enqueued(1, 1000, Names.PGQRS, 45_000);
		assertOutcome("enqueue-all", "45,000 msg/s", false);
		enqueued(1, 1000, Names.BARE_INSERT, 60_000);
		assertOutcome("enqueue-all", "45,000 msg/s, 0.75 of the bare statement", true);
	}

	@Test
	void wakeUpsAreComparedAtSixteenThreads() {
		enqueued(16, 1, Names.PGQRS, 800);
		enqueued(16, 1, Names.PGQRS_POLLING, 1_000);
		enqueued(4, 1, Names.PGQRS_POLLING, 9_000);
		assertOutcome("enqueue-wake-ups", "0.80", false);
	}

	@Test
	void theWorstBatchOfAClaimCounts() {
		claimed(10_000, 1, 2);
		claimed(1_000_000, 1, 2);
		claimed(10_000, 10, 2);
		claimed(1_000_000, 10, 4);
		assertOutcome("claim-backlog", "2.00 ×", false);
	}

	@Test
	void aHeldTransactionAndIdlenessAreReadAsTheyAre() {
		add(Names.HELD_TRANSACTION, Map.of("messages", 200_000), Names.PGQRS, Map.of(Names.RATIO, 0.95));
		add(Names.COSTS, Map.of(Names.WHAT, Names.IDLE, Names.QUEUES, 5), Names.PGQRS,
				Map.of(Names.STATEMENTS_PER_SECOND, 7.0));
		assertOutcome("held-transaction", "0.95", true);
		assertOutcome("idle-statements", "7.00", false);
	}

	@Test
	void resultsOfAnotherDatabaseDoNotCount() {
		add(Names.LATENCY, Map.of(Names.RATE, Names.IDLE), Names.PGQRS, Map.of(Names.P50, 1.0));
		assertOutcome("latency-p50", "1.00 ms", true);
		assertNotMeasured("sqlite-latency-p50");
	}

	@Test
	void theMedianOfTheRoundsCounts() {
		for (double milliseconds : new double[] { 4, 100, 6 }) {
			add(Names.LATENCY, Map.of(Names.RATE, Names.IDLE), Names.PGQRS, Map.of(Names.P50, milliseconds));
		}
		assertOutcome("latency-p50", "6.00 ms", false);
	}

	private void drained(String scenario, int batch, String contender, double rate) {
		add(scenario, Map.of(Names.CONSUMERS, 4, Names.BATCH, batch, Names.ON_SUCCESS, Names.DELETE), contender,
				Map.of(Names.MESSAGES_PER_SECOND, rate));
	}

	private void enqueued(int threads, int batch, String contender, double rate) {
		add(Names.ENQUEUE, Map.of(Names.THREADS, threads, Names.BATCH, batch), contender,
				Map.of(Names.MESSAGES_PER_SECOND, rate));
	}

	private void runs(String contender, int poolSize, double rate) {
		add(Names.WORKFLOWS, Map.of(Names.MODE, Names.QUEUED, Names.STEPS, 3, "poolSize", poolSize), contender,
				Map.of(Names.RUNS_PER_SECOND, rate));
	}

	private void costs(int steps, double statements) {
		add(Names.COSTS, Map.of(Names.WHAT, Names.WORKFLOW_QUEUED, Names.STEPS, steps), Names.PGQRS,
				Map.of(Names.STATEMENTS_PER_RUN, statements));
	}

	private void claimed(int backlog, int batch, double p99) {
		add(Names.CLAIM, Map.of(Names.BACKLOG, backlog, Names.BATCH, batch), Names.PGQRS, Map.of(Names.P99, p99));
	}

	private void add(String scenario, Map<String, Object> settings, String contender, Map<String, Double> figures) {
		this.results.add(new Result("now", scenario, Names.POSTGRESQL, settings, contender, 1, figures));
	}

	private void assertOutcome(String id, String measured, boolean met) {
		assertThat(goal(id).outcome(measured())).contains(new Goal.Outcome(measured, met));
	}

	private void assertNotMeasured(String id) {
		assertThat(goal(id).outcome(measured())).isEmpty();
	}

	private Measurements measured() {
		return new Measurements(this.results);
	}

	private static Goal goal(String id) {
		return Goals.all().stream().filter((goal) -> goal.id().equals(id)).findFirst().orElseThrow();
	}

}
