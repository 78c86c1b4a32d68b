package io.pgqrs.benchmarks.contender;

import java.util.Map;
import java.util.Objects;

import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.database.Database;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.workflow.WorkflowContainers;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowDefinition;
import io.pgqrs.workflow.WorkflowEngine;
import io.pgqrs.workflow.WorkflowOperations;
import io.pgqrs.workflow.WorkflowOptions;
import io.pgqrs.workflow.WorkflowRef;
import io.pgqrs.workflow.WorkflowTemplate;
import org.jspecify.annotations.Nullable;

/**
 * The workflows of pgqrs, with larger claims than the default, as their steps are short.
 */
public final class PgqrsWorkflows implements WorkflowContender {

	private static final int BATCH_SIZE = 50;

	private static final WorkflowRef<Integer, String> WORKFLOW = WorkflowRef.of("benchmark", Integer.class,
			String.class);

	@Override
	public String name() {
		return Names.PGQRS;
	}

	@Override
	public boolean worksOn(Database database) {
		return true;
	}

	@Override
	public Workflows open(Database database, int concurrency, int poolSize) {
		return new Runs(database, PgqrsRuntime.open(database, poolSize, true,
				ContainerOptions.builder().concurrency(concurrency).batchSize(BATCH_SIZE).build()));
	}

	private static String execute(WorkflowContext context, @Nullable Integer steps) {
		for (int i = 0; i < Objects.requireNonNull(steps); i++) {
			context.step("noop", String.class, () -> "ok");
		}
		return "done";
	}

	private static final class Runs implements Workflows {

		private final PgqrsRuntime runtime;

		private final WorkflowEngine engine;

		private final WorkflowOperations workflows;

		private final RunCount ended;

		Runs(Database database, PgqrsRuntime runtime) {
			this.runtime = runtime;
			this.engine = new WorkflowEngine(runtime.store(), runtime.wakeUps(), runtime.json());
			this.workflows = new WorkflowTemplate(this.engine, runtime.catalog());
			new WorkflowContainers(this.engine, runtime.catalog(), runtime.endpoints(), runtime.factory(), Map.of())
				.register(WorkflowDefinition.of(WORKFLOW.name(), Integer.class, PgqrsWorkflows::execute),
						WorkflowOptions.INHERITED);
			// Served by pgqrs_workflow_runs_status (workflow, status, id).
			this.ended = new RunCount(database, """
					SELECT count(*) FROM %spgqrs_workflow_runs WHERE workflow = '%s' AND status = 'SUCCESS'
					""".formatted(database.isPostgres() ? "pgqrs." : "", WORKFLOW.name()));
		}

		@Override
		public void run(int steps) {
			this.workflows.run(WORKFLOW, steps);
		}

		@Override
		public void startAll(int runs, int steps) throws Exception {
			Callers.call(runs, (number) -> this.workflows.start(WORKFLOW, steps));
		}

		@Override
		public void consume() {
			this.runtime.endpoints().start();
		}

		@Override
		public long ended() {
			return this.ended.count();
		}

		@Override
		public void close() {
			this.runtime.endpoints().stop();
			this.engine.close();
			this.ended.close();
			this.runtime.close();
		}

	}

}
