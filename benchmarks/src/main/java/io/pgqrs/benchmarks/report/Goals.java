package io.pgqrs.benchmarks.report;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.report.Goal.Criterion;

/** What we set out to reach. */
final class Goals {

	private static final String TIMES = "# ×";

	private static final String PLAIN = "#";

	private static final String MILLISECONDS = "# ms";

	private Goals() {
	}

	/** In the order of the page. */
	static List<Goal> all() {
		return Stream.of(drain(), workflows(), enqueue(), waiting(), sqlite()).flatMap(List::stream).toList();
	}

	private static List<Goal> drain() {
		return List.of(
				goal("drain-db-scheduler",
						"drain, 4 consumers, batch 50, delete, against the best tuning of db-scheduler",
						Criterion.atLeast(5, TIMES, drainAgainst(50, Names.DB_SCHEDULER))),
				goal("drain-jobrunr", "the same against JobRunr",
						Criterion.atLeast(40, TIMES, drainAgainst(50, Names.JOBRUNR))),
				goal("drain-rust-50", "the same against the Rust-shaped claim, batch 50",
						Criterion.atLeast(4, TIMES, drainAgainst(50, Names.RUST))),
				goal("drain-rust-1", "the same, batch 1", Criterion.atLeast(15, TIMES, drainAgainst(1, Names.RUST))),
				goal("drain-bare-50", "drain through `@PgqrsListener` against the bare JDBC loop, batch 50",
						Criterion.atLeast(0.7, PLAIN, drainAgainst(50, Names.BARE_LOOP))),
				goal("drain-bare-10", "the same, batch 10",
						Criterion.atLeast(0.7, PLAIN, drainAgainst(10, Names.BARE_LOOP))),
				goal("drain-bare-1", "the same, batch 1",
						Criterion.atLeast(0.7, PLAIN, drainAgainst(1, Names.BARE_LOOP))),
				goal("drain-archive", "drain with archive against delete, 4 consumers, batch 50",
						Criterion.atLeast(0.6, PLAIN, Goals::archiveAgainstDelete)));
	}

	private static List<Goal> workflows() {
		return List.of(
				goal("workflows-queued",
						"runs per second, 3 steps, queued, against DBOS queued, each at its best pool size",
						Criterion.atLeast(8, TIMES, runsAgainstDbos(Names.QUEUED))),
				goal("workflows-inline", "the same inline against DBOS direct",
						Criterion.atLeast(3, TIMES, runsAgainstDbos(Names.INLINE))),
				goal("workflows-statements", "statements per run of k steps, queued, amortised",
						Criterion.atMost(2, "k + #", Goals::statementsBeyondSteps)));
	}

	private static List<Goal> enqueue() {
		return List.of(
				goal("enqueue-wake-ups", "enqueue single, 16 threads, with wake-ups against without",
						Criterion.atLeast(0.85, PLAIN, Goals::wakeUpsAgainstNone)),
				goal("enqueue-all", "`enqueueAll` by 1,000, one thread",
						Criterion.atLeast(60_000, "# msg/s", (all) -> enqueuedInBatches(all, Names.PGQRS)),
						Criterion.atLeast(0.7, "# of the bare statement",
								(all) -> ratio(enqueuedInBatches(all, Names.PGQRS),
										enqueuedInBatches(all, Names.BARE_INSERT)))));
	}

	private static List<Goal> waiting() {
		return List.of(
				goal("latency-p50", "idle latency, p50", Criterion.atMost(5, MILLISECONDS, idleLatency(Names.P50))),
				goal("latency-p99", "idle latency, p99", Criterion.atMost(25, MILLISECONDS, idleLatency(Names.P99))),
				goal("claim-backlog", "claim p99 with 1,000,000 messages waiting against 10,000",
						Criterion.atMost(1.5, TIMES, Goals::claimWithBacklog)),
				goal("held-transaction",
						"drain with a transaction open elsewhere, last fifth against first fifth of the messages",
						Criterion.atLeast(0.7, PLAIN, Goals::heldTransaction)),
				goal("idle-statements", "idle statements per second with 5 queues, one process",
						Criterion.atMost(6, PLAIN,
								(all) -> all.scenario(Names.COSTS)
									.contender(Names.PGQRS)
									.with(Names.WHAT, Names.IDLE)
									.best(Names.STATEMENTS_PER_SECOND))));
	}

	private static List<Goal> sqlite() {
		return List.of(
				onSqlite("sqlite-drain-bare-1", "drain against the bare JDBC loop, 4 consumers, batch 1",
						Criterion.atLeast(0.6, PLAIN, drainAgainst(1, Names.BARE_LOOP))),
				onSqlite("sqlite-drain-bare-50", "the same, batch 50",
						Criterion.atLeast(0.6, PLAIN, drainAgainst(50, Names.BARE_LOOP))),
				onSqlite("sqlite-drain-consumers", "drain, batch 1, 4 consumers against 1 consumer",
						Criterion.atLeast(0.9, PLAIN,
								(all) -> ratio(drained(ours(all).with(Names.CONSUMERS, 4), 1, Names.DELETE),
										drained(ours(all).with(Names.CONSUMERS, 1), 1, Names.DELETE)))),
				onSqlite("sqlite-latency-p50", "idle latency, p50",
						Criterion.atMost(2, MILLISECONDS, idleLatency(Names.P50))),
				onSqlite("sqlite-latency-p99", "idle latency, p99",
						Criterion.atMost(10, MILLISECONDS, idleLatency(Names.P99))));
	}

	private static Goal goal(String id, String text, Criterion... anyOf) {
		return new Goal(id, Names.POSTGRESQL, text, List.of(anyOf));
	}

	private static Goal onSqlite(String id, String text, Criterion... anyOf) {
		return new Goal(id, Names.SQLITE, text, List.of(anyOf));
	}

	// Both must come from the same scenario: only there did they take turns.
	private static Function<Measurements, OptionalDouble> drainAgainst(int batch, String contender) {
		return (all) -> Stream.of(Names.DRAIN_PEERS, Names.DRAIN).map((scenario) -> {
			Measurements there = all.scenario(scenario).with(Names.CONSUMERS, 4);
			return ratio(drained(there.contender(Names.PGQRS), batch, Names.DELETE),
					drained(there.contenders(contender), batch, Names.DELETE));
		}).filter(OptionalDouble::isPresent).findFirst().orElse(OptionalDouble.empty());
	}

	private static OptionalDouble archiveAgainstDelete(Measurements all) {
		Measurements ours = ours(all).with(Names.CONSUMERS, 4);
		return ratio(drained(ours, 50, Names.ARCHIVE), drained(ours, 50, Names.DELETE));
	}

	private static Measurements ours(Measurements all) {
		return all.scenario(Names.DRAIN).contender(Names.PGQRS);
	}

	private static OptionalDouble drained(Measurements drains, int batch, String onSuccess) {
		return drains.with(Names.BATCH, batch).with(Names.ON_SUCCESS, onSuccess).best(Names.MESSAGES_PER_SECOND);
	}

	private static Function<Measurements, OptionalDouble> runsAgainstDbos(String mode) {
		return (all) -> {
			Measurements runs = all.scenario(Names.WORKFLOWS).with(Names.MODE, mode).with(Names.STEPS, 3);
			return ratio(runs.contender(Names.PGQRS).best(Names.RUNS_PER_SECOND),
					runs.contender(Names.DBOS).best(Names.RUNS_PER_SECOND));
		};
	}

	private static OptionalDouble statementsBeyondSteps(Measurements all) {
		Measurements runs = all.scenario(Names.COSTS)
			.contender(Names.PGQRS)
			.with(Names.WHAT, Names.WORKFLOW_QUEUED)
			.having(Names.STATEMENTS_PER_RUN);
		return runs.trials()
			.stream()
			.filter((trial) -> trial.settings().get(Names.STEPS) instanceof Number)
			.mapToDouble((trial) -> runs.of(trial).figure(Names.STATEMENTS_PER_RUN).orElseThrow().median()
					- ((Number) Objects.requireNonNull(trial.settings().get(Names.STEPS))).doubleValue())
			.max();
	}

	private static OptionalDouble wakeUpsAgainstNone(Measurements all) {
		Measurements single = all.scenario(Names.ENQUEUE).with(Names.THREADS, 16).with(Names.BATCH, 1);
		return ratio(single.contender(Names.PGQRS).best(Names.MESSAGES_PER_SECOND),
				single.contender(Names.PGQRS_POLLING).best(Names.MESSAGES_PER_SECOND));
	}

	private static OptionalDouble enqueuedInBatches(Measurements all, String contender) {
		return all.scenario(Names.ENQUEUE)
			.contender(contender)
			.with(Names.THREADS, 1)
			.with(Names.BATCH, 1000)
			.best(Names.MESSAGES_PER_SECOND);
	}

	private static Function<Measurements, OptionalDouble> idleLatency(String figure) {
		return (all) -> all.scenario(Names.LATENCY).contender(Names.PGQRS).with(Names.RATE, Names.IDLE).best(figure);
	}

	private static OptionalDouble claimWithBacklog(Measurements all) {
		Measurements claims = all.scenario(Names.CLAIM).contender(Names.PGQRS);
		return claims.values(Names.BATCH)
			.stream()
			.map((batch) -> claims.with(Names.BATCH, batch))
			.flatMapToDouble((ofOneBatch) -> ratio(ofOneBatch.with(Names.BACKLOG, 1_000_000).best(Names.P99),
					ofOneBatch.with(Names.BACKLOG, 10_000).best(Names.P99))
				.stream())
			.max();
	}

	private static OptionalDouble heldTransaction(Measurements all) {
		Measurements drains = all.scenario(Names.HELD_TRANSACTION).contender(Names.PGQRS);
		return drains.medians(Names.RATIO).stream().flatMapToDouble(DoubleStream::of).min();
	}

	private static OptionalDouble ratio(OptionalDouble value, OptionalDouble base) {
		return (value.isPresent() && base.isPresent() && base.getAsDouble() > 0)
				? OptionalDouble.of(value.getAsDouble() / base.getAsDouble()) : OptionalDouble.empty();
	}

}
