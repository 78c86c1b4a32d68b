package io.pgqrs.benchmarks;

import java.util.List;

/** What scenarios, contenders, settings and figures are called in results. */
public final class Names {

	/** The databases. */
	public static final String POSTGRESQL = "PostgreSQL";

	/** The embedded one. */
	public static final String SQLITE = "SQLite";

	/** Prefilled messages, handled by us and by the bare statements. */
	public static final String DRAIN = "drain";

	/** The same with the peers. */
	public static final String DRAIN_PEERS = "drain-peers";

	/** Messages are sent. */
	public static final String ENQUEUE = "enqueue";

	/** From sending to the start of the handler. */
	public static final String LATENCY = "latency";

	/** How long a claim takes with many messages waiting. */
	public static final String CLAIM = "claim";

	/** A drain while a transaction is open elsewhere. */
	public static final String HELD_TRANSACTION = "held-transaction";

	/** Runs with steps that do nothing. */
	public static final String WORKFLOWS = "workflows";

	/** Statements, transactions and WAL. */
	public static final String COSTS = "costs";

	/** The scenarios, in the order of the page. */
	public static final List<String> SCENARIOS = List.of(DRAIN, DRAIN_PEERS, ENQUEUE, LATENCY, CLAIM, HELD_TRANSACTION,
			WORKFLOWS, COSTS);

	/** Us, through all of the framework. */
	public static final String PGQRS = "pgqrs";

	/** Us, when other processes have to poll. */
	public static final String PGQRS_POLLING = "pgqrs without wake-ups";

	/** Our statements in a loop, without a framework. */
	public static final String BARE_LOOP = "bare JDBC loop";

	/** An {@code INSERT} and a commit, and nothing else. */
	public static final String BARE_INSERT = "INSERT and commit";

	/** A claim of the form that the Rust pgqrs has. */
	public static final String RUST = "Rust-shaped claim";

	/** How the names of db-scheduler's tunings begin. */
	public static final String DB_SCHEDULER = "db-scheduler";

	/** JobRunr. */
	public static final String JOBRUNR = "JobRunr";

	/** DBOS. */
	public static final String DBOS = "DBOS Transact";

	/** The contenders, in the order of tables and charts; others follow. */
	public static final List<String> CONTENDERS = List.of(PGQRS, PGQRS_POLLING, BARE_LOOP, BARE_INSERT, RUST,
			DB_SCHEDULER, JOBRUNR, DBOS);

	/** Threads that claim and handle. */
	public static final String CONSUMERS = "consumers";

	/** Messages in one statement. */
	public static final String BATCH = "batch";

	/** What becomes of a handled message: {@value #DELETE} or {@value #ARCHIVE}. */
	public static final String ON_SUCCESS = "onSuccess";

	/** A handled message is gone. */
	public static final String DELETE = "delete";

	/** A handled message is kept elsewhere. */
	public static final String ARCHIVE = "archive";

	/** Threads that send. */
	public static final String THREADS = "threads";

	/** Messages a second, or {@value #IDLE}. */
	public static final String RATE = "rate";

	/** Nothing else to do. */
	public static final String IDLE = "idle";

	/** Messages that wait. */
	public static final String BACKLOG = "backlog";

	/** Whether a run is called or sent: {@value #INLINE} or {@value #QUEUED}. */
	public static final String MODE = "mode";

	/** The caller runs it. */
	public static final String INLINE = "inline";

	/** A worker runs it. */
	public static final String QUEUED = "queued";

	/** Steps of a run. */
	public static final String STEPS = "steps";

	/** What was counted. */
	public static final String WHAT = "what";

	/** What was counted: the run of a workflow that was sent. */
	public static final String WORKFLOW_QUEUED = "workflow queued";

	/** Queues that a process listens to. */
	public static final String QUEUES = "queues";

	/** The settings, in the order of columns; others follow. */
	public static final List<String> SETTINGS = List.of(WHAT, MODE, STEPS, RATE, BACKLOG, CONSUMERS, THREADS, BATCH,
			ON_SUCCESS, "concurrency", "poolSize", "peerThreads", "messages", QUEUES);

	/** Values of settings that are words, in the order of rows; others follow. */
	public static final List<String> VALUES = List.of(DELETE, ARCHIVE, IDLE, INLINE, QUEUED);

	/** Throughput. */
	public static final String MESSAGES_PER_SECOND = "messages_per_second";

	/** Throughput of workflows. */
	public static final String RUNS_PER_SECOND = "runs_per_second";

	/** Throughput of their steps. */
	public static final String STEPS_PER_SECOND = "steps_per_second";

	/** Half of all took no longer. */
	public static final String P50 = "p50_ms";

	/** 95 of 100 took no longer. */
	public static final String P95 = "p95_ms";

	/** 99 of 100 took no longer. */
	public static final String P99 = "p99_ms";

	/** None took longer. */
	public static final String MAX = "max_ms";

	/** Throughput at the beginning. */
	public static final String FIRST_FIFTH = "first_fifth_per_second";

	/** Throughput at the end. */
	public static final String LAST_FIFTH = "last_fifth_per_second";

	/** The end against the beginning. */
	public static final String RATIO = "ratio";

	/** What a message costs. */
	public static final String STATEMENTS_PER_MESSAGE = "statements_per_message";

	/** What a run costs. */
	public static final String STATEMENTS_PER_RUN = "statements_per_run";

	/** What an idle process costs. */
	public static final String STATEMENTS_PER_SECOND = "statements_per_second";

	/** The figures, in the order of columns; others follow. */
	public static final List<String> FIGURES = List.of(MESSAGES_PER_SECOND, RUNS_PER_SECOND, STEPS_PER_SECOND, P50, P95,
			P99, MAX, FIRST_FIFTH, LAST_FIFTH, RATIO, STATEMENTS_PER_MESSAGE, STATEMENTS_PER_RUN,
			STATEMENTS_PER_SECOND);

	private Names() {
	}

}
