package io.pgqrs.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.StepInfo;
import io.pgqrs.workflow.WorkflowRun;
import io.pgqrs.workflow.WorkflowTemplate;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link WorkflowOrder} dies with its process at each of its boundaries in turn, and
 * goes on elsewhere: nothing that was complete is done again, and nothing is left out.
 */
abstract class WorkflowCrashContract {

	/** The full size, by {@code -Psoak}: all boundaries. */
	private static final boolean SOAK = System.getProperty("pgqrs.soak") != null;

	/** Otherwise about this many. */
	private static final int SAMPLE = 10;

	/** Processes at once. */
	private static final int PROCESSES = 2;

	private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

	private static final Log logger = LogFactory.getLog(WorkflowCrashContract.class);

	@TempDir
	Path directory;

	private WorkflowDatabase database;

	private WorkflowTemplate workflows;

	abstract WorkflowDatabase createDatabase();

	@BeforeEach
	void open() {
		this.database = createDatabase();
		this.database.sql("CREATE TABLE pgqrs_crash_effects (run_id bigint NOT NULL)").update();
		this.workflows = new WorkflowNode(this.database.store(), ContainerOptions.builder().build()).workflows();
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void aRunGoesOnFromItsLastCompletedStepWhereverItsProcessDies() throws Exception {
		List<String> all = boundaries();
		List<String> covered = SOAK ? all : sample(all);
		ExecutorService executor = Executors.newFixedThreadPool(PROCESSES);
		try {
			List<Future<?>> crashes = new ArrayList<>();
			covered.forEach((boundary) -> crashes
				.add(executor.submit(() -> crashAt(boundary, "order-" + all.indexOf(boundary)))));
			for (Future<?> crash : crashes) {
				crash.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
		logger.info("Died at " + covered.size() + " of " + all.size() + " boundaries on "
				+ this.database.store().database() + ", and went on each time");
	}

	/**
	 * Some, spread evenly, and all those from the effect of the transactional step to its
	 * commit.
	 */
	private static List<String> sample(List<String> boundaries) {
		// An odd one, as befores and afters alternate.
		int stride = boundaries.size() / SAMPLE | 1;
		int effect = boundaries.indexOf("inside charge");
		int commit = boundaries.indexOf("after charge");
		return IntStream.range(0, boundaries.size())
			.filter((i) -> i % stride == 0 || (i >= effect && i <= commit))
			.mapToObj(boundaries::get)
			.toList();
	}

	/** Those of a run that meets with no accident. */
	private List<String> boundaries() {
		WorkflowBoundaries boundaries = new WorkflowBoundaries(null);
		Path bodies = this.directory.resolve("rehearsal");
		String result = WorkflowProcess.execute(this.database, "rehearsal", bodies, boundaries);
		assertThat(result.split(", ")).hasSameSizeAs(WorkflowOrder.RESULTS);
		assertThat(lines(bodies)).hasSameSizeAs(WorkflowOrder.BODIES);
		assertThat(boundaries.reached()).contains("while sleeping", "while waiting for the signal")
			.containsAll(WorkflowOrder.STEPS.stream().map((step) -> "before " + step).toList())
			.containsAll(WorkflowOrder.STEPS.stream().map((step) -> "after " + step).toList());
		return boundaries.reached();
	}

	private Void crashAt(String boundary, String workflow) throws Exception {
		Path own = Files.createDirectory(this.directory.resolve(workflow));
		Path bodies = own.resolve("bodies");
		try (Processes processes = new Processes(own, WorkflowProcess.class, this.database.url(),
				this.database.schema(), workflow, bodies.toString(), boundary)) {
			Process process = processes.start();
			assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(boundary + processes.log()).isTrue();
			assertThat(process.exitValue()).as(boundary + processes.log()).isEqualTo(WorkflowBoundaries.HALTED);
		}
		List<StepInfo> recorded = this.workflows.find(workflow, WorkflowOrder.KEY)
			.map((run) -> this.workflows.steps(run.id()))
			.orElse(List.of());
		List<String> executed = lines(bodies);
		endLease(workflow);
		String result = new WorkflowOrder(this.database, this.database.store(), workflow, bodies,
				new WorkflowBoundaries(null))
			.execute(POLL_INTERVAL);
		verify(boundary, workflow, result, recorded, executed, lines(bodies));
		return null;
	}

	/** Whoever held it is dead. */
	private void endLease(String workflow) {
		this.database.sql("""
				UPDATE pgqrs_messages SET visible_at = enqueued_at
				WHERE worker_id IS NOT NULL AND id IN (
					SELECT id FROM pgqrs_workflow_runs WHERE workflow = :workflow)""")
			.param("workflow", workflow)
			.update();
	}

	private void verify(String boundary, String workflow, String result, List<StepInfo> before, List<String> executed,
			List<String> bodies) {
		WorkflowRun run = this.workflows.find(workflow, WorkflowOrder.KEY).orElseThrow();
		assertThat(run.status()).as(boundary).isEqualTo(RunStatus.SUCCESS);
		Map<String, StepInfo> steps = this.workflows.steps(run.id())
			.stream()
			.collect(Collectors.toMap(StepInfo::name, Function.identity()));
		assertThat(steps).as(boundary).containsOnlyKeys(WorkflowOrder.STEPS);
		assertThat(steps.values()).extracting(StepInfo::status).as(boundary).containsOnly(RunStatus.SUCCESS);
		List<StepInfo> complete = before.stream().filter((step) -> step.completedAt() != null).toList();
		assertThat(steps.values()).as(boundary).containsAll(complete);
		// Each execution has its own result, so this tells whether steps were replayed.
		assertThat(result).as(boundary)
			.isEqualTo(WorkflowOrder.RESULTS.stream()
				.map((step) -> output(steps.get(step)))
				.collect(Collectors.joining(", ")));
		assertThat(bodies.subList(0, executed.size())).as(boundary).isEqualTo(executed);
		List<String> again = bodies.subList(executed.size(), bodies.size());
		List<String> completed = complete.stream().map(StepInfo::name).toList();
		assertThat(again).as(boundary).noneMatch((execution) -> completed.contains(step(execution)));
		assertThat(bodies).as(boundary)
			.containsAll(WorkflowOrder.BODIES.stream().map((step) -> output(steps.get(step))).toList());
		// What was begun when the process died is the most that is executed again.
		assertThat(bodies.size() - WorkflowOrder.BODIES.size()).as(boundary).isBetween(0, 1);
		assertThat(count("pgqrs_crash_effects WHERE run_id", run)).as(boundary).isOne();
		assertThat(count("pgqrs_messages WHERE id", run)).as(boundary).isZero();
		assertThat(count("pgqrs_workflow_signals WHERE run_id", run)).as(boundary).isZero();
	}

	private long count(String column, WorkflowRun run) {
		return this.database.count(column + " = " + run.id());
	}

	private static String output(StepInfo step) {
		return JsonMapper.shared().readValue(step.output(), String.class);
	}

	private static String step(String execution) {
		return execution.substring(0, execution.lastIndexOf(' '));
	}

	private static List<String> lines(Path file) {
		try {
			return Files.exists(file) ? Files.readAllLines(file) : List.of();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
