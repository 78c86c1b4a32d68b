package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.BeforeEach;

/** Runs of workflows. Those of each test are of a workflow of its own. */
public abstract class WorkflowStoreContract extends StoreContract {

	protected static final Duration TIMEOUT = Duration.ofHours(1);

	protected WorkflowRunStore runs;

	protected WorkflowStepStore steps;

	@BeforeEach
	void findStores() {
		this.runs = this.store.runs();
		this.steps = this.store.steps();
	}

	/** The workflow of this test has the name of its queue. */
	protected NewRun newRun() {
		return new NewRun(this.queue, this.queue, null, "1", 0, null, null, null, null);
	}

	protected NewRun newRun(String key) {
		return new NewRun(this.queue, this.queue, key, "1", 0, null, null, null, null);
	}

	protected NewRun newRun(Duration delay, Instant at) {
		return new NewRun(this.queue, this.queue, null, "1", 0, delay, at, null, null);
	}

	protected NewRun newRun(Duration delay, Duration timeout) {
		return new NewRun(this.queue, this.queue, null, "1", 0, delay, null, timeout, null);
	}

	protected NewRun newLeasedRun() {
		return new NewRun(this.queue, this.queue, null, "1", 0, null, null, null, LEASE);
	}

	protected long start() {
		return start(newRun());
	}

	protected long start(NewRun run) {
		return Objects.requireNonNull(this.runs.start(run)).id();
	}

	protected Lease startAndClaim() {
		return claimRun(start());
	}

	protected Lease claimRun(long id) {
		return Objects.requireNonNull(this.steps.claim(id, WORKER, LEASE)).lease();
	}

	protected boolean isDue(long id) {
		return Boolean.TRUE.equals(this.database.transaction().execute((status) -> {
			status.setRollbackOnly();
			return this.steps.claim(id, WORKER, LEASE) != null;
		}));
	}

	protected RunRecord run(long id) {
		return Objects.requireNonNull(this.runs.find(id));
	}

	protected String status(long id) {
		return run(id).status();
	}

	protected RunHistory history(Lease lease) {
		return Objects.requireNonNull(this.steps.histories(List.of(lease)).get(lease.messageId()));
	}

	protected RunDirective record(Lease lease, String step) {
		return this.steps.record(lease, done(step, "1"));
	}

	protected static StepOutcome done(String step, String output) {
		return new StepOutcome(step, StepKind.STEP, RunRecord.SUCCESS, 1, output, null, Duration.ZERO, null);
	}

	protected static StepOutcome failed(String step, int attempts) {
		return new StepOutcome(step, StepKind.STEP, RunRecord.ERROR, attempts, null, ERROR, Duration.ZERO, null);
	}

	protected static StepOutcome again(String step, int attempts, Duration delay) {
		return new StepOutcome(step, StepKind.STEP, RunRecord.QUEUED, attempts, null, ERROR, Duration.ZERO, delay);
	}

	protected static StepOutcome sleep(String step, Duration delay) {
		return new StepOutcome(step, StepKind.SLEEP, RunRecord.PAUSED, 0, null, null, Duration.ZERO, delay);
	}

	/** The step of that name, in the history of a held run. */
	protected StepRecord step(Lease lease, String name) {
		return history(lease).steps().stream().filter((step) -> step.name().equals(name)).reduce((one, another) -> {
			throw new AssertionError("Two steps '" + name + "'");
		}).orElseThrow();
	}

	protected boolean finish(Lease lease) {
		return end(lease, RunRecord.SUCCESS, "1", null);
	}

	protected boolean fail(Lease lease, String error) {
		return end(lease, RunRecord.ERROR, null, error);
	}

	protected boolean end(Lease lease, String status, String output, String error) {
		return !this.steps.finish(List.of(new RunEnd(lease, status, output, error))).isEmpty();
	}

	/**
	 * A run that ended with an error in a step, which was given up after three attempts.
	 */
	protected Lease startAndFail() {
		Lease lease = startAndClaim();
		this.steps.record(lease, failed("broken", 3));
		fail(lease, "{\"type\":\"Test\",\"step\":\"broken\"}");
		return lease;
	}

}
