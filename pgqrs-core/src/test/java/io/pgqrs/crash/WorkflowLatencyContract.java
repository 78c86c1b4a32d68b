package io.pgqrs.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.workflow.WorkflowContext;
import io.pgqrs.workflow.WorkflowDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Who waits for the result of a short run does not wait much longer than that takes. */
abstract class WorkflowLatencyContract {

	static final ContainerOptions OPTIONS = ContainerOptions.builder().concurrency(4).build();

	private static final int RUNS = 100;

	private static final int WARM_UP = 20;

	private static final long RUN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final Duration MAX_MEDIAN = Duration.ofMillis(100);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String WORKFLOW = "short";

	private static final Log logger = LogFactory.getLog(WorkflowLatencyContract.class);

	@TempDir
	Path directory;

	WorkflowDatabase database;

	WorkflowNode node;

	abstract WorkflowDatabase createDatabase();

	@BeforeEach
	void open() {
		this.database = createDatabase();
		this.node = new WorkflowNode(this.database.store(), OPTIONS);
		this.node.register(workflow());
	}

	static WorkflowDefinition workflow() {
		return WorkflowDefinition.of(WORKFLOW, Void.class, (run, input) -> run(run));
	}

	@AfterEach
	void close() {
		this.node.close();
		this.database.close();
	}

	private static Object run(WorkflowContext run) {
		return run.step("only", Long.class, () -> {
			LockSupport.parkNanos(RUN_NANOS);
			return run.runId();
		});
	}

	@Test
	void aResultArrivesSoon() {
		this.node.start();
		assertThat(median("the same process")).isLessThan(MAX_MEDIAN);
	}

	/**
	 * Starts runs one after the other and waits for each.
	 * @return from the start to the result
	 */
	Duration median(String executor) {
		List<Duration> times = new ArrayList<>();
		for (int i = 0; i < WARM_UP + RUNS; i++) {
			long start = System.nanoTime();
			Object result = this.node.workflows().start(WORKFLOW).send(Long.class).result(PATIENCE);
			times.add(Duration.ofNanos(System.nanoTime() - start));
			assertThat(result).isNotNull();
		}
		List<Duration> sorted = times.subList(WARM_UP, times.size()).stream().sorted().toList();
		logger.info("Results of " + RUNS + " runs of 10 ms, executed by " + executor + ", on "
				+ this.database.store().database() + ": median " + sorted.get(RUNS / 2).toMillis() + " ms, maximum "
				+ sorted.get(RUNS - 1).toMillis() + " ms");
		return sorted.get(RUNS / 2);
	}

}
