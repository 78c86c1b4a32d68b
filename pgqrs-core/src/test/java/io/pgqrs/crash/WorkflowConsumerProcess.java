package io.pgqrs.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowDefinition;

/**
 * One JVM that executes runs of five steps, until its standard input ends. Arguments:
 * JDBC URL, schema, workflow, milliseconds of a lease, milliseconds a body takes.
 */
final class WorkflowConsumerProcess {

	static final int HANDLERS = 4;

	static final List<String> STEPS = List.of("fetch", "check", "charge", "print", "send");

	private static final String BODY = """
			INSERT INTO pgqrs_crash_bodies (run_id, step, process, execution)
			VALUES (:run, :step, :process, :execution)""";

	private static final String EFFECT = "INSERT INTO pgqrs_crash_effects (run_id) VALUES (:run)";

	private final WorkflowDatabase database;

	/** Bodies are written down outside of any transaction. */
	private final PgqrsStore outside;

	private final long nanos;

	private WorkflowConsumerProcess(WorkflowDatabase database, long nanos) {
		this.database = database;
		this.outside = database.newStore(UnaryOperator.identity());
		this.nanos = nanos;
	}

	public static void main(String[] args) throws IOException {
		WorkflowDatabase database = new WorkflowDatabase(args[0], args[1]);
		WorkflowConsumerProcess process = new WorkflowConsumerProcess(database,
				TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[4])));
		ContainerOptions options = ContainerOptions.builder()
			.concurrency(HANDLERS)
			.visibilityTimeout(Duration.ofMillis(Long.parseLong(args[3])))
			.pollInterval(Duration.ofMillis(200))
			.build();
		try (WorkflowNode node = new WorkflowNode(database.store(), options)) {
			node.register(WorkflowDefinition.of(args[2], Void.class, (run, input) -> process.run(run)));
			node.start();
			System.in.transferTo(OutputStream.nullOutputStream());
		}
		System.exit(0);
	}

	private String run(WorkflowContext run) {
		String fetched = run.step("fetch", String.class, () -> body(run, "fetch"));
		String checked = run.step("check", String.class, () -> body(run, "check"));
		String charged = run.transactionalStep("charge", String.class, () -> {
			String execution = body(run, "charge");
			this.database.sql(EFFECT).param("run", run.runId()).update();
			// Not for long: on SQLite nobody else can write meanwhile.
			LockSupport.parkNanos(this.nanos / 4);
			return execution;
		});
		String printed = run.step("print", String.class, () -> body(run, "print"));
		String sent = run.step("send", String.class, () -> body(run, "send"));
		return String.join(", ", fetched, checked, charged, printed, sent);
	}

	/** Each execution has a result of its own. */
	private String body(WorkflowContext run, String step) {
		String execution = step + " " + UUID.randomUUID();
		this.database.sql(this.outside, BODY)
			.param("run", run.runId())
			.param("step", step)
			.param("process", ProcessHandle.current().pid())
			.param("execution", execution)
			.update();
		LockSupport.parkNanos(this.nanos);
		return execution;
	}

}
