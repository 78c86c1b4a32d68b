package io.pgqrs.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.pgqrs.crash.WorkflowGates.Gate;
import io.pgqrs.crash.WorkflowGates.Place;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.StepInfo;
import io.pgqrs.workflow.WorkflowRun;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process is frozen until its leases are over and others have taken its runs: when it
 * goes on, it cannot change a thing, and says so.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signal stops a process there")
abstract class WorkflowFrozenProcessContract {

	private static final Duration LEASE = Duration.ofSeconds(2);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	Path directory;

	private final Map<Place, Long> runs = new EnumMap<>(Place.class);

	/** Gates that others have reached. */
	private final Set<Place> reached = ConcurrentHashMap.newKeySet();

	private final CountDownLatch open = new CountDownLatch(1);

	private WorkflowDatabase database;

	private WorkflowNode others;

	abstract WorkflowDatabase createDatabase();

	@BeforeEach
	void open() {
		this.database = createDatabase();
		this.database.sql("CREATE TABLE pgqrs_crash_effects (run_id bigint NOT NULL)").update();
		this.others = new WorkflowNode(this.database.store(),
				ContainerOptions.builder().concurrency(Place.values().length).build());
		this.others.register(new WorkflowGates(this.database, this.database.store(), gate()).definition());
		for (Place place : Place.values()) {
			this.runs.put(place, this.others.workflows().start(WorkflowGates.WORKFLOW, place).id());
		}
	}

	private Gate gate() {
		return new Gate() {

			@Override
			public void pass(Place place) throws InterruptedException {
				WorkflowFrozenProcessContract.this.reached.add(place);
				WorkflowFrozenProcessContract.this.open.await();
			}

			@Override
			public void leave(Place place) {
				// Goes on.
			}

		};
	}

	@AfterEach
	void close() {
		this.open.countDown();
		this.others.close();
		this.database.close();
	}

	@Test
	void aFrozenProcessChangesNothingOfRunsThatOthersHaveCompleted() throws Exception {
		this.open.countDown();
		freezeAndThaw(() -> {
			awaitResults();
			return outcomes();
		});
	}

	@Test
	void aFrozenProcessChangesNothingOfRunsThatOthersExecute() throws Exception {
		freezeAndThaw(() -> {
			await(() -> this.reached.size() == this.runs.size());
			return outcomes();
		});
	}

	private void freezeAndThaw(Callable<Map<Place, Outcome>> meanwhile) throws Exception {
		try (Processes processes = new Processes(this.directory, WorkflowGateProcess.class, this.database.url(),
				this.database.schema(), Long.toString(LEASE.toMillis()), this.directory.toString())) {
			Process frozen = processes.start();
			try {
				for (Place place : Place.values()) {
					await(() -> WorkflowGateProcess.isAt(this.directory, place));
				}
				freeze(frozen);
				this.others.start();
				Map<Place, Outcome> before = meanwhile.call();
				WorkflowGateProcess.open(this.directory);
				send(frozen, "CONT");
				this.runs.forEach((place, run) -> await(() -> hasSaidThatItLost(processes.log(), place, run)));
				assertThat(outcomes()).isEqualTo(before);
			}
			finally {
				send(frozen, "CONT");
			}
		}
		this.open.countDown();
		awaitResults();
		this.runs.forEach(this::verify);
		assertThat(Place.values()).noneMatch((place) -> WorkflowGateProcess.hasLeft(this.directory, place));
		assertThat(this.database.count("pgqrs_messages")).isZero();
		assertThat(this.database.count("pgqrs_dead_letters")).isZero();
	}

	private void awaitResults() {
		this.runs.values().forEach((run) -> this.others.workflows().result(run, String.class, PATIENCE));
	}

	private void verify(Place place, long run) {
		Outcome outcome = outcome(run);
		assertThat(outcome.run().status()).as(place.name()).isEqualTo(RunStatus.SUCCESS);
		assertThat(outcome.steps()).as(place.name())
			.hasSize(WorkflowGates.STEPS.size())
			.extracting(StepInfo::status)
			.containsOnly(RunStatus.SUCCESS);
		// Only before its gate the frozen process could record anything.
		String here = WorkflowGates.processName();
		Map<String, String> recorders = outcome.steps()
			.stream()
			.collect(Collectors.toMap(StepInfo::name, (step) -> WorkflowGates.processOf(step.output())));
		WorkflowGates.STEPS.forEach((step) -> assertThat(recorders.get(step).equals(here)).as(place + ", " + step)
			.isEqualTo(WorkflowGates.STEPS.indexOf(step) >= place.completeSteps()));
		assertThat(outcome.effects()).as(place.name()).isOne();
	}

	private Map<Place, Outcome> outcomes() {
		Map<Place, Outcome> outcomes = new EnumMap<>(Place.class);
		this.runs.forEach((place, run) -> outcomes.put(place, outcome(run)));
		return outcomes;
	}

	private Outcome outcome(long run) {
		return new Outcome(this.others.workflows().get(run), this.others.workflows().steps(run),
				this.database.count("pgqrs_crash_effects WHERE run_id = " + run));
	}

	/** The engine says so of a step, and the container of the end of a run. */
	private static boolean hasSaidThatItLost(String log, Place place, long run) {
		return log.lines()
			.anyMatch((line) -> place.isInStep() ? line.contains("Run " + run + " ") && line.contains("lost its lease")
					: line.contains("[id=" + run + ",") && line.contains("the lease was lost meanwhile"));
	}

	/** On SQLite, a process that is frozen while it writes holds up everybody else. */
	private void freeze(Process process) {
		await(() -> {
			send(process, "STOP");
			try {
				this.database.sql("UPDATE pgqrs_queues SET name = name").update();
				return true;
			}
			catch (DataAccessException ex) {
				send(process, "CONT");
				return false;
			}
		});
	}

	private static void send(Process process, String signal) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start();
			assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
			assertThat(kill.exitValue()).isZero();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
	}

	/** What is to be seen of a run. */
	private record Outcome(WorkflowRun run, List<StepInfo> steps, long effects) {
	}

}
