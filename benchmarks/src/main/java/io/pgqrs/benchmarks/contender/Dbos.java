package io.pgqrs.benchmarks.contender;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.workflow.Queue;
import dev.dbos.transact.workflow.Workflow;
import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.database.Database;

/**
 * The workflows of DBOS Transact. A queue has no limit of runs at once, which would be
 * one of runs in each polling interval, too; so the concurrency only counts for callers.
 */
public final class Dbos implements WorkflowContender, IdleContender {

	/** A tenth of the default: it only looks for runs once in that time. */
	static final Duration POLLING_INTERVAL = Duration.ofMillis(100);

	private static final int POOL_SIZE = 10;

	@Override
	public String name() {
		return Names.DBOS;
	}

	@Override
	public boolean worksOn(Database database) {
		return database.isPostgres();
	}

	@Override
	public Workflows open(Database database, int concurrency, int poolSize) {
		return new Runs(database, poolSize);
	}

	@Override
	public AutoCloseable idle(Database database, int queues) {
		List<Queue> waiting = IntStream.range(0, queues).mapToObj((number) -> new Queue("idle-" + number)).toList();
		DbosRuntime<Steps> runtime = new DbosRuntime<>(database, POOL_SIZE, Steps.class, StepsInTurn::new, waiting);
		runtime.listen();
		return runtime;
	}

	/** The workflow, as DBOS wants it. */
	public interface Steps {

		String run(int steps);

	}

	/** Steps without effect. */
	public static final class StepsInTurn implements Steps {

		private final DBOS dbos;

		StepsInTurn(DBOS dbos) {
			this.dbos = dbos;
		}

		@Override
		@Workflow(name = "benchmark")
		public String run(int steps) {
			for (int i = 0; i < steps; i++) {
				this.dbos.runStep(() -> "ok", "noop");
			}
			return "done";
		}

	}

	private static final class Runs implements Workflows {

		private final Queue queue = new Queue("benchmark").withPollingInterval(POLLING_INTERVAL);

		private final DbosRuntime<Steps> runtime;

		private final RunCount ended;

		Runs(Database database, int poolSize) {
			this.runtime = new DbosRuntime<>(database, poolSize, Steps.class, StepsInTurn::new, List.of(this.queue));
			this.ended = new RunCount(database, """
					SELECT count(*) FROM dbos.workflow_status WHERE status = 'SUCCESS'
					""");
		}

		@Override
		public void run(int steps) {
			this.runtime.workflows().run(steps);
		}

		@Override
		public void startAll(int runs, int steps) throws Exception {
			StartWorkflowOptions options = new StartWorkflowOptions().withQueue(this.queue);
			Steps workflow = this.runtime.workflows();
			Callers.call(runs, (number) -> this.runtime.dbos().startWorkflow(() -> workflow.run(steps), options));
		}

		@Override
		public void consume() {
			this.runtime.listen();
		}

		@Override
		public long ended() {
			return this.ended.count();
		}

		@Override
		public void close() {
			this.ended.close();
			this.runtime.close();
		}

	}

}
