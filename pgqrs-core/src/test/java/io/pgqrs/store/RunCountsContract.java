package io.pgqrs.store;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.pgqrs.WorkflowQueues;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How many runs have which status. */
abstract class RunCountsContract extends WorkflowStoreContract {

	private int priority;

	@Override
	protected NewRun newRun() {
		String queue = WorkflowQueues.of(this.queue);
		this.store.queues().create(queue, settings());
		return new NewRun(this.queue, queue, null, "1", this.priority++ % 3, null, null, null, null);
	}

	@Test
	void runsAreCountedByTheStatusThatTheyHaveNow() {
		start();
		this.runs.pause(start());
		startAndClaim();
		Lease expired = startAndClaim();
		this.database.elapse(Duration.ofMinutes(1));
		Lease asleep = startAndClaim();
		this.steps.record(asleep, sleep("sleep", Duration.ofHours(1)));
		this.steps.suspend(asleep);
		Lease running = startAndClaim();
		this.runs.pause(startAndClaim().messageId());
		this.runs.cancel(startAndClaim().messageId());
		this.runs.cancel(start());
		finish(startAndClaim());
		finish(startAndClaim());
		startAndFail();
		assertThat(status(expired.messageId())).isEqualTo(RunRecord.QUEUED);
		assertThat(status(asleep.messageId())).isEqualTo(RunRecord.PAUSED);
		assertThat(status(running.messageId())).isEqualTo(RunRecord.RUNNING);
		assertThat(counts(this.queue)).containsExactly(count(RunRecord.CANCELLED, 1), count(RunRecord.CANCELLING, 1),
				count(RunRecord.ERROR, 1), count(RunRecord.PAUSED, 3), count(RunRecord.QUEUED, 3),
				count(RunRecord.RUNNING, 1), count(RunRecord.SUCCESS, 2));
		for (RunCounts figure : counts(this.queue)) {
			assertThat(this.runs.list(new RunFilter(this.queue, Set.of(figure.status()), null, null, null, 10)))
				.hasSize((int) figure.count());
		}
	}

	@Test
	void aSleeperThatIsHeldAgainIsRunning() {
		Lease asleep = startAndClaim();
		this.steps.record(asleep, sleep("sleep", Duration.ofMinutes(1)));
		this.steps.suspend(asleep);
		this.database.elapse(Duration.ofMinutes(2));
		claimRun(asleep.messageId());
		assertThat(counts(this.queue)).containsExactly(count(RunRecord.RUNNING, 1));
		this.database.elapse(LEASE.plusSeconds(1));
		assertThat(status(asleep.messageId())).isEqualTo(RunRecord.QUEUED);
		assertThat(counts(this.queue)).containsExactly(count(RunRecord.QUEUED, 1));
	}

	@Test
	void workflowsComeByName() {
		start();
		String first = this.queue;
		this.queue = newQueue();
		finish(startAndClaim());
		assertThat(this.runs.counts())
			.isSortedAccordingTo(Comparator.comparing(RunCounts::workflow).thenComparing(RunCounts::status));
		assertThat(counts(first)).containsExactly(new RunCounts(first, RunRecord.QUEUED, 1));
		assertThat(counts(this.queue)).containsExactly(count(RunRecord.SUCCESS, 1));
	}

	@Test
	void noFigureIsCountedBeyondTheLimit() {
		finish(startAndClaim());
		start();
		for (String status : List.of(RunRecord.SUCCESS, RunRecord.QUEUED)) {
			copy(status, RunCounts.LIMIT - 2);
			assertThat(counts(this.queue)).contains(count(status, RunCounts.LIMIT - 1));
			copy(status, 5);
			assertThat(counts(this.queue)).contains(count(status, RunCounts.LIMIT));
		}
	}

	/** Runs like the only one of that status, with no message. */
	protected void copy(String status, int count) {
		String columns = this.database.sql("SELECT * FROM pgqrs_workflow_runs LIMIT 1")
			.query()
			.singleRow()
			.keySet()
			.stream()
			.filter((column) -> !column.equals("id"))
			.collect(Collectors.joining(", "));
		this.database.sql("""
				WITH RECURSIVE number(value) AS (
					SELECT 1 UNION ALL SELECT value + 1 FROM number WHERE value < :count)
				INSERT INTO pgqrs_workflow_runs (id, %s)
				SELECT 1000000000 + (SELECT max(id) FROM pgqrs_workflow_runs) + number.value, %s
				FROM number CROSS JOIN (SELECT * FROM pgqrs_workflow_runs
					WHERE workflow = :workflow AND status = :status LIMIT 1) AS model""".formatted(columns, columns))
			.param("count", count)
			.param("workflow", this.queue)
			.param("status", status)
			.update();
	}

	private List<RunCounts> counts(String workflow) {
		return this.runs.counts().stream().filter((figure) -> figure.workflow().equals(workflow)).toList();
	}

	private RunCounts count(String status, long count) {
		return new RunCounts(this.queue, status, count);
	}

}
