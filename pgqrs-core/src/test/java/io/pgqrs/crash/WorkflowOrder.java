package io.pgqrs.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.StepInfo;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowDefinition;
import io.pgqrs.workflow.WorkflowHandle;

/**
 * An order, in six steps: a run from its start to its end, with all the boundaries on its
 * way. Each execution of a body has a name of its own, which is its result and a line in
 * a file.
 */
final class WorkflowOrder {

	static final List<String> STEPS = List.of("reserve", "charge", "cool down", "pack", "approval", "ship");

	/** Those with a body. */
	static final List<String> BODIES = List.of("reserve", "charge", "pack", "ship");

	/** Those with a result. */
	static final List<String> RESULTS = List.of("reserve", "charge", "pack", "approval", "ship");

	static final String KEY = "order";

	private static final Duration COOL_DOWN = Duration.ofMillis(400);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** No lease is extended in between, which would be one more thing that is written. */
	private static final Duration LEASE = Duration.ofSeconds(60);

	private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private final WorkflowDatabase database;

	private final PgqrsStore store;

	private final String workflow;

	private final Path bodies;

	private final WorkflowBoundaries boundaries;

	/**
	 * Makes an order.
	 * @param database has the table {@code pgqrs_crash_effects}
	 * @param store of that database, to execute the run on
	 * @param workflow name of the workflow: one for each order, so that nobody else takes
	 * it
	 * @param bodies the file that gets a line for each execution of a body
	 * @param boundaries are told where it is
	 */
	WorkflowOrder(WorkflowDatabase database, PgqrsStore store, String workflow, Path bodies,
			WorkflowBoundaries boundaries) {
		this.database = database;
		this.store = store;
		this.workflow = workflow;
		this.bodies = bodies;
		this.boundaries = boundaries;
	}

	/**
	 * Starts the run, unless it was started before, and executes it to its end. Sends the
	 * signal unless it was sent before.
	 * @param pollInterval how often to look for work that nobody announced
	 * @return the result
	 */
	String execute(Duration pollInterval) {
		ContainerOptions options = ContainerOptions.builder()
			// One more than there are runs, so that a claim comes back short.
			.concurrency(2)
			.visibilityTimeout(LEASE)
			.pollInterval(pollInterval)
			.build();
		try (WorkflowNode node = new WorkflowNode(this.store, options)) {
			node.register(WorkflowDefinition.of(this.workflow, Void.class, (run, input) -> run(run)));
			boolean signalled = isSignalled();
			WorkflowHandle<String> run = node.workflows().start(this.workflow).key(KEY).send(String.class);
			node.start();
			awaitPause(node, run, "cool down");
			this.boundaries.reach("while sleeping");
			if (!signalled) {
				awaitPause(node, run, "approval");
				this.boundaries.reach("while waiting for the signal");
				node.workflows().signal(run.id(), "approval", "approved");
			}
			return run.result(PATIENCE);
		}
	}

	private boolean isSignalled() {
		return this.database.sql("""
				SELECT count(*) FROM pgqrs_workflow_runs r
				WHERE r.workflow = :workflow AND (
					EXISTS (SELECT 1 FROM pgqrs_workflow_signals WHERE run_id = r.id)
					OR EXISTS (SELECT 1 FROM pgqrs_workflow_steps
						WHERE run_id = r.id AND name = 'approval' AND completed_at IS NOT NULL))""")
			.param("workflow", this.workflow)
			.query(Long.class)
			.single() > 0;
	}

	/** Until the run pauses at a step, or is beyond it. */
	private static void awaitPause(WorkflowNode node, WorkflowHandle<?> run, String step) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!isAt(node, run, STEPS.indexOf(step))) {
			if (System.nanoTime() - deadline > 0) {
				throw new IllegalStateException("The run does not come to '" + step + "': " + run.get());
			}
			LockSupport.parkNanos(GLANCE_NANOS);
		}
	}

	private static boolean isAt(WorkflowNode node, WorkflowHandle<?> run, int step) {
		List<StepInfo> steps = node.workflows().steps(run.id());
		int last = steps.size() - 1;
		return last > step || (last == step && run.status() == RunStatus.PAUSED);
	}

	private String run(WorkflowContext run) {
		String reserved = step(run, "reserve");
		this.boundaries.reach("before charge");
		String charged = run.transactionalStep("charge", String.class, () -> {
			String execution = begin("charge");
			this.database.sql(this.store, "INSERT INTO pgqrs_crash_effects (run_id) VALUES (:run)")
				.param("run", run.runId())
				.update();
			return execution;
		});
		this.boundaries.reach("after charge");
		this.boundaries.reach("before cool down");
		run.sleep("cool down", COOL_DOWN);
		this.boundaries.reach("after cool down");
		String packed = step(run, "pack");
		this.boundaries.reach("before approval");
		String approval = run.awaitSignal("approval", String.class, PATIENCE).orElseThrow();
		this.boundaries.reach("after approval");
		String shipped = step(run, "ship");
		return String.join(", ", reserved, charged, packed, approval, shipped);
	}

	private String step(WorkflowContext run, String name) {
		this.boundaries.reach("before " + name);
		String execution = run.step(name, String.class, () -> begin(name));
		this.boundaries.reach("after " + name);
		return execution;
	}

	/** A body: its effect is there, but nobody has recorded it yet. */
	private String begin(String step) {
		String execution = step + " " + UUID.randomUUID();
		try {
			Files.writeString(this.bodies, execution + System.lineSeparator(), StandardOpenOption.CREATE,
					StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.boundaries.reach("inside " + step);
		return execution;
	}

}
