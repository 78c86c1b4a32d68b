package io.pgqrs.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.workflow.RunQuery;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.StepInfo;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowDefinition;
import io.pgqrs.workflow.WorkflowRun;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Many runs sleep at once: that costs nothing, and each wakes up in time. */
abstract class WorkflowSleepersContract {

	/** The full size, by {@code -Psoak}. */
	private static final boolean SOAK = System.getProperty("pgqrs.soak") != null;

	private static final int RUNS = SOAK ? 10_000 : 500;

	/** Long enough for all of them to fall asleep before the first one wakes up. */
	private static final Duration NAP = SOAK ? Duration.ofSeconds(60) : Duration.ofSeconds(8);

	private static final Duration MAX_LATENESS = Duration.ofSeconds(2);

	private static final Duration PATIENCE = NAP.multipliedBy(3);

	private static final String WORKFLOW = "sleepers";

	private static final String ASLEEP = """
			pgqrs_messages m JOIN pgqrs_workflow_steps s ON s.run_id = m.id
			WHERE m.worker_id IS NULL AND s.name = 'nap'""";

	private static final Log logger = LogFactory.getLog(WorkflowSleepersContract.class);

	@TempDir
	Path directory;

	private WorkflowDatabase database;

	private WorkflowNode node;

	abstract WorkflowDatabase createDatabase();

	@BeforeEach
	void open() {
		this.database = createDatabase();
		this.node = new WorkflowNode(this.database.store(), ContainerOptions.builder().concurrency(4).build());
		this.node.register(WorkflowDefinition.of(WORKFLOW, Void.class, (run, input) -> sleep(run)));
	}

	@AfterEach
	void close() {
		this.node.close();
		this.database.close();
	}

	private static Object sleep(WorkflowContext run) {
		run.sleep("nap", NAP);
		return run.step("yawn", Long.class, run::runId);
	}

	@Test
	void sleepersHoldNothingAndWakeUpInTime() {
		this.node.start();
		fallAsleep(1);
		Set<Thread> threads = threads();
		fallAsleep(RUNS - 1);
		assertThat(threads()).as("threads when one sleeps, and when all do").isEqualTo(threads);
		// A claim takes one for a moment.
		await(() -> this.database.activeConnections() == 0);
		assertThat(this.database.count("pgqrs_workflow_steps WHERE name = 'yawn'")).as("awake too soon to tell")
			.isZero();
		await(() -> this.database.count("pgqrs_workflow_runs WHERE completed_at IS NULL") == 0);
		List<WorkflowRun> runs = this.node.workflows().list(RunQuery.of(WORKFLOW).limit(10_000));
		assertThat(runs).hasSize(RUNS).extracting(WorkflowRun::status).containsOnly(RunStatus.SUCCESS);
		List<Awakening> awakenings = runs.stream().map(this::awakening).toList();
		List<Duration> lateness = awakenings.stream().map(Awakening::lateness).sorted().toList();
		List<Instant> times = awakenings.stream().map(Awakening::due).sorted().toList();
		logger.info(RUNS + " runs slept at once on " + this.database.store().database() + ", were due within "
				+ Duration.between(times.get(0), times.get(RUNS - 1)).toSeconds() + " s and late by "
				+ lateness.get(RUNS * 99 / 100).toMillis() + " ms (99th percentile), "
				+ lateness.get(RUNS - 1).toMillis() + " ms (maximum)");
		assertThat(lateness.get(0)).isGreaterThanOrEqualTo(Duration.ZERO);
		assertThat(lateness.get(RUNS - 1)).isLessThan(MAX_LATENESS);
	}

	private void fallAsleep(int runs) {
		IntStream.range(0, runs).forEach((i) -> this.node.workflows().start(WORKFLOW, null));
		await(() -> this.database.count("pgqrs_workflow_runs") == this.database.count(ASLEEP));
	}

	private Awakening awakening(WorkflowRun run) {
		Map<String, StepInfo> steps = this.node.workflows()
			.steps(run.id())
			.stream()
			.collect(Collectors.toMap(StepInfo::name, Function.identity()));
		return new Awakening(steps.get("nap").completedAt(), steps.get("yawn").startedAt());
	}

	/** Those of containers and engines. */
	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("pgqrs"))
			.collect(Collectors.toSet());
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(condition);
	}

	/**
	 * By the clock of the database.
	 *
	 * @param due the end of the sleep
	 * @param awake when the step behind it began
	 */
	private record Awakening(Instant due, Instant awake) {

		Duration lateness() {
			return Duration.between(this.due, this.awake);
		}

	}

}
