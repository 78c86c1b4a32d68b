package io.pgqrs.workflow;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.test.StatementLog;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How many statements runs take at the driver, on each backend. */
abstract class WorkflowBudgetContract extends WorkflowTestBase {

	private static final int STEPS = 6;

	private final StatementLog statements = new StatementLog();

	abstract TestDatabase createDatabase(StatementLog statements);

	@Override
	TestDatabase createDatabase() {
		return createDatabase(this.statements);
	}

	@Test
	void aQueuedRunTakesThreeStatementsMoreThanItHasSteps() {
		Node node = silent(this::steps);
		executeOnce(node);
		assertThat(statements()).hasSizeLessThanOrEqualTo(STEPS + 3);
		assertThat(statements("INSERT INTO", "pgqrs_workflow_steps")).hasSize(STEPS);
	}

	@Test
	void anInlineRunTakesThreeStatementsMoreThanItHasSteps() {
		Node node = node();
		node.register(WorkflowDefinition.of("budget", String.class, this::steps));
		node.workflows.run("budget", "warm up", Void.class);
		this.statements.clear();
		node.workflows.run("budget", "x", Void.class);
		assertThat(statements()).hasSizeLessThanOrEqualTo(STEPS + 3);
	}

	@Test
	void aRunThatIsDeliveredAgainReadsItsStepsOnce() {
		AtomicInteger calls = new AtomicInteger();
		Node node = silent((context, input) -> {
			steps(context, input);
			context.step("flaky", QUICK, () -> assertThat(calls.incrementAndGet()).isNotEqualTo(2));
			return null;
		});
		executeOnce(node);
		assertThat(statements("LEFT JOIN", "run_attempts").stream().filter((sql) -> sql.startsWith("SELECT")))
			.hasSize(1);
		assertThat(statements("INSERT INTO", "pgqrs_workflow_steps")).hasSize(STEPS + 2);
	}

	@Test
	void runsAreClaimedAndEndTogether() {
		Node node = silentlyPolling();
		for (int i = 0; i < 50; i++) {
			node.workflows.start("budget", "x");
		}
		node.register(WorkflowDefinition.of("budget", String.class, (context, input) -> input));
		this.statements.clear();
		node.start();
		await(() -> assertThat(node.workflows.list(RunQuery.of("budget").status(RunStatus.SUCCESS))).hasSize(50));
		assertThat(ends()).hasSizeLessThan(25);
		assertThat(statements("pgqrs_queues", "delivery_count + 1")).hasSizeLessThan(15);
	}

	private Object steps(WorkflowContext context, String input) {
		for (int i = 0; i < STEPS; i++) {
			context.step("step", () -> {
			});
		}
		return null;
	}

	/** Looks for runs when it is told to, not by itself. */
	private Node silent(WorkflowFunction<String, ?> function) {
		Node node = silentlyPolling();
		node.register(WorkflowDefinition.of("budget", String.class, function));
		node.start();
		return node;
	}

	private Node silentlyPolling() {
		return node(this.database.store(), ContainerOptions.builder().pollInterval(LONG).build());
	}

	private void executeOnce(Node node) {
		node.workflows.start("budget", "warm up").result(PATIENCE);
		settle();
		this.statements.clear();
		node.workflows.start("budget", "x");
		await(() -> assertThat(ends()).hasSize(1));
		settle();
	}

	/** Whatever follows has followed by then. */
	private static void settle() {
		long end = System.nanoTime() + Duration.ofMillis(100).toNanos();
		await(() -> assertThat(System.nanoTime()).isGreaterThan(end));
	}

	private List<String> ends() {
		return statements("UPDATE", "pgqrs_workflow_runs", "'CANCELLED' ELSE");
	}

	private List<String> statements(String... parts) {
		return statements().stream().filter((sql) -> List.of(parts).stream().allMatch(sql::contains)).toList();
	}

	/**
	 * All but heartbeats and wake-ups of other processes, which come in their own time:
	 * no more than fifty wake-ups a second, however many runs there are.
	 */
	private List<String> statements() {
		return this.statements.statements()
			.stream()
			.filter((sql) -> !sql.contains("pgqrs_workers") && !sql.contains("pg_notify"))
			.toList();
	}

}
