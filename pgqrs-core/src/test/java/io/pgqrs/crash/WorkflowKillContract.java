package io.pgqrs.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.pgqrs.WorkflowQueues;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.workflow.RunQuery;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.StepInfo;
import io.pgqrs.workflow.WorkflowRun;
import io.pgqrs.workflow.WorkflowTemplate;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes that execute runs while one after another is killed and replaced: every run
 * succeeds, no step is executed again once it is complete, and what a transactional step
 * does happens exactly once.
 */
abstract class WorkflowKillContract {

	/** The full size, by {@code -Psoak}. */
	static final boolean SOAK = System.getProperty("pgqrs.soak") != null;

	/** In a soak at the least: there, processes are killed until all runs have ended. */
	private static final int KILLS = SOAK ? 10 : 3;

	private static final Duration BETWEEN_KILLS = SOAK ? Duration.ofSeconds(2) : Duration.ofMillis(900);

	/** What the processes that were killed hold is due again after this. */
	private static final Duration LEASE = Duration.ofSeconds(3);

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final String WORKFLOW = "five steps";

	private static final Log logger = LogFactory.getLog(WorkflowKillContract.class);

	@TempDir
	Path directory;

	private WorkflowDatabase database;

	private WorkflowTemplate workflows;

	abstract WorkflowDatabase createDatabase();

	abstract int processes();

	abstract int runs();

	@BeforeEach
	void open() {
		this.database = createDatabase();
		// Without a key: what happens twice is to be seen.
		this.database.sql("CREATE TABLE pgqrs_crash_effects (run_id bigint NOT NULL)").update();
		this.database
			.sql("CREATE TABLE pgqrs_crash_bodies (run_id bigint NOT NULL, step text NOT NULL, "
					+ "process bigint NOT NULL, execution text NOT NULL, begun_at " + this.database.clockColumn() + ")")
			.update();
		this.workflows = new WorkflowNode(this.database.store(), ContainerOptions.builder().build()).workflows();
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void runsSucceedAndCompletedStepsAreNotExecutedAgainHoweverProcessesDie() throws IOException {
		int runs = runs();
		IntStream.range(0, runs).forEach((i) -> this.workflows.start(WORKFLOW, null));
		// The work takes as long as all the kills.
		long parallelism = processes() * WorkflowConsumerProcess.HANDLERS;
		long millis = Math.max(1,
				(KILLS + 2) * BETWEEN_KILLS.toMillis() * parallelism / (runs * WorkflowConsumerProcess.STEPS.size()));
		int kills = 0;
		long begun = System.nanoTime();
		try (Processes consumers = new Processes(this.directory, WorkflowConsumerProcess.class, this.database.url(),
				this.database.schema(), WORKFLOW, Long.toString(LEASE.toMillis()), Long.toString(millis))) {
			consumers.start(processes());
			while ((SOAK || kills < KILLS) && left() > 0) {
				Awaitility.await()
					.pollDelay(BETWEEN_KILLS)
					.atMost(PATIENCE)
					.until(() -> consumers.killOne(this::isAtWork) || left() == 0);
				kills++;
			}
			Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> left() == 0);
		}
		Duration took = Duration.ofNanos(System.nanoTime() - begun);
		List<WorkflowRun> ended = this.workflows.list(RunQuery.of(WORKFLOW).limit(10_000));
		verify(runs, ended);
		assertThat(kills).isGreaterThanOrEqualTo(KILLS);
		long steps = (long) runs * WorkflowConsumerProcess.STEPS.size();
		long again = this.database.count("pgqrs_crash_bodies") - steps;
		// What was under way when a process was killed.
		assertThat(again).isLessThanOrEqualTo((long) kills * WorkflowConsumerProcess.HANDLERS);
		long redelivered = ended.stream().filter((run) -> run.attempt() > 1).count();
		assertThat(redelivered).isPositive();
		logger.info(runs + " runs, " + steps + " steps on " + this.database.store().database() + ": " + processes()
				+ " processes, " + kills + " kills in " + took.toSeconds() + " s; " + redelivered
				+ " runs delivered again, " + again + " bodies under way executed again, "
				+ "no completed step executed again, no effect missing or doubled");
	}

	/** Not one that has only just begun to begin. */
	private boolean isAtWork(Process process) {
		return this.database.count("pgqrs_crash_bodies WHERE process = " + process.pid()) > 0;
	}

	private long left() {
		return this.database.count("pgqrs_workflow_runs WHERE completed_at IS NULL");
	}

	private void verify(int runs, List<WorkflowRun> ended) {
		assertThat(ended).hasSize(runs).extracting(WorkflowRun::status).containsOnly(RunStatus.SUCCESS);
		for (WorkflowRun run : ended) {
			List<StepInfo> steps = this.workflows.steps(run.id());
			assertThat(steps).extracting(StepInfo::name)
				.containsExactlyInAnyOrderElementsOf(WorkflowConsumerProcess.STEPS);
			// Each execution has its own result, so this tells whether steps were
			// replayed.
			assertThat(JsonMapper.shared().readValue(run.output(), String.class).split(", "))
				.containsExactlyInAnyOrder(steps.stream()
					.map((step) -> JsonMapper.shared().readValue(step.output(), String.class))
					.toArray(String[]::new));
		}
		assertThat(this.database.count("pgqrs_crash_bodies b JOIN pgqrs_workflow_steps s "
				+ "ON s.run_id = b.run_id AND s.name = b.step WHERE b.begun_at > s.completed_at"))
			.as("bodies that began when their step was complete")
			.isZero();
		assertThat(this.database.count("(SELECT DISTINCT run_id, step FROM pgqrs_crash_bodies) AS executed"))
			.as("steps that were executed")
			.isEqualTo((long) runs * WorkflowConsumerProcess.STEPS.size());
		assertThat(this.database.count("pgqrs_crash_effects")).as("effects").isEqualTo(runs);
		assertThat(this.database.count("(SELECT DISTINCT run_id FROM pgqrs_crash_effects) AS effects"))
			.as("runs with an effect")
			.isEqualTo(runs);
		assertThat(this.database.count("pgqrs_messages")).as("messages").isZero();
		assertThat(this.database.store().deadLetters().find(WorkflowQueues.of(WORKFLOW), 1)).isEmpty();
	}

}
