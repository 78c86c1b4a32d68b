package io.pgqrs.store.sqlite;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.pgqrs.store.Claim;
import io.pgqrs.store.Lease;
import io.pgqrs.store.NewRun;
import io.pgqrs.store.RunEnd;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.StartedRun;
import io.pgqrs.store.StoreContract;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Triggers keep runs and their messages together, and both draw the same ids. */
class SqliteWorkflowMessageTests extends StoreContract {

	private static final String WORKFLOW = "workflow";

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

	@Test
	void aRunThatStartsHasAMessage() {
		long id = start(new NewRun(WORKFLOW, this.queue, null, "{\"a\":1}", 5, Duration.ofHours(1), null,
				Duration.ofMinutes(2), null));
		Map<String, Object> run = run(id);
		assertThat(message(id)).containsEntry("queue_id", run.get("queue_id"))
			.containsEntry("visible_at", run.get("visible_at"))
			.containsEntry("enqueued_at", run.get("created_at"))
			.containsEntry("priority", 5)
			.containsEntry("payload", "{\"a\":1}")
			.containsEntry("headers", "{\"pgqrs_timeout\":\"120000\"}")
			.containsEntry("delivery_count", 0)
			.containsEntry("attempts", 0)
			.containsEntry("worker_id", null)
			.containsEntry("claimed_at", null);
		assertThat(millis(run, "visible_at") - millis(run, "created_at")).isEqualTo(Duration.ofHours(1).toMillis());
		assertThat(millis(run, "deadline_at") - millis(run, "visible_at")).isEqualTo(Duration.ofMinutes(2).toMillis());
	}

	@Test
	void aRunThatStartsWithALeaseHasAMessageThatIsLeased() {
		long id = start(new NewRun(WORKFLOW, this.queue, null, null, 0, null, null, Duration.ofMinutes(2), LEASE));
		Map<String, Object> run = run(id);
		assertThat(message(id)).containsEntry("payload", "null")
			.containsEntry("delivery_count", 1)
			.containsEntry("attempts", 1)
			.containsEntry("worker_id", (int) Claim.NO_WORKER)
			.containsEntry("claimed_at", run.get("created_at"));
		assertThat(millis(message(id), "visible_at") - millis(run, "created_at")).isEqualTo(LEASE.toMillis());
		assertThat(millis(run, "deadline_at") - millis(run, "created_at")).isEqualTo(Duration.ofMinutes(2).toMillis());
	}

	@Test
	void aRunThatEndsHasNoMessage() {
		long cancelled = start();
		this.store.runs().cancel(cancelled);
		Lease lease = startLeased();
		finish(lease, RunRecord.SUCCESS);
		assertThat(rows("pgqrs_messages")).isZero();
	}

	@Test
	void aRunThatIsRetriedHasItsMessageAgain() {
		Lease lease = startLeased();
		Map<String, Object> before = message(lease.messageId());
		finish(lease, RunRecord.ERROR);
		String other = newQueue();
		assertThat(this.store.runs().retry(lease.messageId(), other)).isTrue();
		assertThat(message(lease.messageId())).containsEntry("delivery_count", 1)
			.containsEntry("attempts", 0)
			.containsEntry("worker_id", null)
			.containsEntry("claimed_at", before.get("claimed_at"))
			.containsEntry("payload", before.get("payload"));
		assertThat(this.store.messages().complete(List.of(lease), false)).isEmpty();
		this.queue = other;
		assertThat(claimOne().lease()).isEqualTo(new Lease(lease.messageId(), 2));
	}

	@Test
	void whateverElseBefallsARunLeavesItsOnlyMessage() {
		long id = start("once");
		start("once");
		this.store.runs().pause(id);
		this.store.runs().resume(id);
		Lease lease = claimOne().lease();
		this.store.runs().cancel(id);
		this.store.steps().suspend(lease);
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
		assertThat(message(id)).containsEntry("delivery_count", 1);
	}

	@Test
	void theFirstIdOfAnEmptyFileIsThatOfARun() {
		try (TestDatabase empty = TestDatabase.sqlite()) {
			empty.store().queues().create(this.queue, settings());
			StartedRun run = empty.store().runs().start(newRun(null));
			assertThat(run).isEqualTo(new StartedRun(1, true, "1"));
			assertThat(empty.store().runs().start(newRun(null))).isEqualTo(new StartedRun(2, true, "1"));
		}
	}

	@Test
	void runsAndMessagesDrawTheSameIds() {
		List<Long> ids = new ArrayList<>();
		ids.add(start());
		ids.add(enqueue());
		ids.addAll(enqueue(3));
		ids.add(startLeased().messageId());
		ids.add(enqueueOnce("key"));
		ids.add(start());
		long first = ids.get(0);
		assertThat(ids).isEqualTo(IntStream.range(0, ids.size()).mapToObj((i) -> first + i).toList());
	}

	@Test
	void anIdIsNeverDrawnTwice() {
		long run = start();
		this.store.runs().cancel(run);
		long message = enqueue();
		assertThat(message).isGreaterThan(run);
		complete(claimOne().lease());
		Lease failed = startLeased();
		assertThat(failed.messageId()).isGreaterThan(message);
		finish(failed, RunRecord.ERROR);
		long youngest = enqueue();
		complete(claimOne().lease());
		this.store.runs().retry(failed.messageId(), this.queue);
		assertThat(start()).isGreaterThan(youngest);
	}

	private Lease startLeased() {
		return new Lease(start(new NewRun(WORKFLOW, this.queue, null, null, 0, null, null, null, LEASE)), 1);
	}

	private long start() {
		return start(newRun(null));
	}

	private long start(String key) {
		return start(newRun(key));
	}

	private long start(NewRun run) {
		return this.store.runs().start(run).id();
	}

	/** Keys are those of one queue, so that tests do not meet. */
	private NewRun newRun(String key) {
		return new NewRun(WORKFLOW + " of " + this.queue, this.queue, key, "1", 0, null, null, null, null);
	}

	private void finish(Lease lease, String status) {
		assertThat(this.store.steps().finish(List.of(new RunEnd(lease, status, null, null))))
			.containsExactly(lease.messageId());
	}

	private Map<String, Object> run(long id) {
		return this.database.sql("SELECT * FROM pgqrs_workflow_runs WHERE id = :id")
			.param("id", id)
			.query()
			.singleRow();
	}

	private static long millis(Map<String, Object> row, String column) {
		return ((Number) row.get(column)).longValue();
	}

}
