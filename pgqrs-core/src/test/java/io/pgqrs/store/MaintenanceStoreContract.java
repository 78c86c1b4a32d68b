package io.pgqrs.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.pgqrs.WorkflowQueues;
import io.pgqrs.store.WorkerRecord.Registration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is done now and then, by one for all. */
abstract class MaintenanceStoreContract extends WorkflowStoreContract {

	private static final Duration PERIOD = Duration.ofMinutes(1);

	private static final Duration RETENTION = Duration.ofDays(1);

	private static final Duration DEAD_RETENTION = Duration.ofDays(3);

	private MaintenanceStore maintenance;

	@BeforeEach
	void empty() {
		this.maintenance = this.store.maintenance();
		for (String table : List.of("maintenance", "archive", "dead_letters", "messages", "workers", "workflow_runs",
				"workflow_steps", "workflow_signals")) {
			this.database.sql("DELETE FROM pgqrs_" + table).update();
		}
		this.database.sql("DELETE FROM pgqrs_queues WHERE name LIKE 'workflow:%'").update();
		keep(this.queue, RETENTION, DEAD_RETENTION);
		keep(WorkflowQueues.of(this.queue), RETENTION, DEAD_RETENTION);
	}

	private void keep(String queue, Duration archive, Duration deadLetters) {
		this.store.queues()
			.save(queue, new QueueSettings(LEASE, MAX_ATTEMPTS, Duration.ofSeconds(1), 2, Duration.ofMinutes(5), true,
					archive, deadLetters));
	}

	@Test
	void aTaskIsTakenOnceInEachPeriod() {
		assertThat(this.maintenance.take("task", PERIOD)).isTrue();
		assertThat(this.maintenance.take("task", PERIOD)).isFalse();
		assertThat(this.maintenance.take("another", PERIOD)).isTrue();
		this.database.elapse(PERIOD.minusSeconds(10));
		assertThat(this.maintenance.take("task", PERIOD)).isFalse();
		this.database.elapse(Duration.ofSeconds(11));
		assertThat(this.maintenance.take("task", PERIOD)).isTrue();
		assertThat(this.maintenance.take("task", PERIOD)).isFalse();
	}

	@Test
	void oneOfManyTakesATask() throws Exception {
		PgqrsStore another = this.database.anotherStore();
		for (int i = 0; i < 20; i++) {
			List<Boolean> taken = concurrently(8, () -> (Math.random() < 0.5) ? this.maintenance.take("task", PERIOD)
					: another.maintenance().take("task", PERIOD));
			assertThat(taken).containsOnlyOnce(true);
			this.database.elapse(PERIOD.plusSeconds(1));
		}
	}

	@Test
	void aTaskThatWasTakenForVeryLongIsDueByTheShorterPeriod() {
		assertThat(this.maintenance.take("task", Duration.ofDays(1))).isTrue();
		assertThat(this.maintenance.take("task", PERIOD)).isTrue();
		assertThat(this.maintenance.take("task", PERIOD)).isFalse();
	}

	@Test
	void theArchiveKeepsMessagesAsLongAsTheirQueueSays() {
		enqueueAndArchive(3);
		String longer = newQueue();
		keep(longer, RETENTION.multipliedBy(3), DEAD_RETENTION);
		String shorter = this.queue;
		this.queue = longer;
		enqueueAndArchive(2);
		this.queue = shorter;
		this.database.elapse(RETENTION.plusSeconds(1));
		enqueueAndArchive(1);
		enqueue();
		assertThat(this.maintenance.deleteArchived(100)).isEqualTo(3);
		assertThat(this.maintenance.deleteArchived(100)).isZero();
		assertThat(rows("pgqrs_archive")).isEqualTo(1);
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
		this.queue = longer;
		assertThat(rows("pgqrs_archive")).isEqualTo(2);
	}

	@Test
	void noMoreIsDeletedAtOnceThanTheLimit() {
		enqueueAndArchive(5);
		this.queue = newQueue();
		keep(this.queue, RETENTION, DEAD_RETENTION);
		enqueueAndArchive(5);
		this.database.elapse(RETENTION.plusSeconds(1));
		assertThat(this.maintenance.deleteArchived(4)).isEqualTo(4);
		assertThat(this.maintenance.deleteArchived(4)).isEqualTo(4);
		assertThat(this.maintenance.deleteArchived(4)).isEqualTo(2);
	}

	@Test
	void deadLettersAreKeptByARetentionOfTheirOwn() {
		deadLetter();
		deadLetter();
		deadLetter();
		this.database.elapse(DEAD_RETENTION.minusHours(1));
		assertThat(this.maintenance.deleteDeadLetters(100)).isZero();
		long young = deadLetter();
		this.database.elapse(Duration.ofHours(1));
		assertThat(this.maintenance.deleteDeadLetters(2)).isEqualTo(2);
		assertThat(this.maintenance.deleteDeadLetters(2)).isEqualTo(1);
		assertThat(deadLetters()).containsExactly(young);
	}

	@Test
	void runsAreKeptAsLongAsTheQueueOfTheirWorkflowSays() {
		Lease success = startAndClaim();
		finish(success);
		long cancelled = start();
		this.runs.cancel(cancelled);
		long error = startAndFail().messageId();
		this.database.elapse(RETENTION.plusSeconds(1));
		Lease young = startAndClaim();
		finish(young);
		assertThat(this.maintenance.deleteRuns(100)).isEqualTo(2);
		assertThat(runIds()).containsExactly(error, young.messageId());
		this.database.elapse(DEAD_RETENTION.minus(RETENTION));
		assertThat(this.maintenance.deleteRuns(100)).isEqualTo(2);
		assertThat(runIds()).isEmpty();
	}

	@Test
	void aRunGoesWithItsStepsAndSignals() {
		Lease lease = startAndClaim();
		record(lease, "one");
		record(lease, "two");
		this.runs.signal(lease.messageId(), "signal", "1");
		finish(lease);
		Lease live = startAndClaim();
		record(live, "one");
		this.runs.signal(live.messageId(), "signal", "1");
		this.database.elapse(RETENTION.plusSeconds(1));
		assertThat(this.maintenance.deleteRuns(100)).isEqualTo(1);
		for (String table : List.of("pgqrs_workflow_steps", "pgqrs_workflow_signals")) {
			assertThat(this.database.sql("SELECT run_id FROM " + table).query(Long.class).list()).as(table)
				.containsExactly(live.messageId());
		}
	}

	@Test
	void runsThatHaveNotEndedAreKeptForEver() {
		long queued = start();
		long paused = start();
		this.runs.pause(paused);
		Lease running = startAndClaim();
		Lease cancelling = startAndClaim();
		this.runs.cancel(cancelling.messageId());
		this.database.elapse(Duration.ofDays(1_000));
		assertThat(this.maintenance.deleteRuns(100)).isZero();
		assertThat(runIds()).containsExactly(queued, paused, running.messageId(), cancelling.messageId());
	}

	@Test
	void aRunThatLivedLongIsKeptFromItsEndOn() {
		Lease lease = startAndClaim();
		this.database.elapse(Duration.ofDays(100));
		finish(claimRun(lease.messageId()));
		assertThat(this.maintenance.deleteRuns(100)).isZero();
		this.database.elapse(RETENTION.plusSeconds(1));
		assertThat(this.maintenance.deleteRuns(100)).isEqualTo(1);
	}

	@Test
	void aRetriedRunIsLive() {
		long id = startAndFail().messageId();
		this.database.elapse(DEAD_RETENTION.plusSeconds(1));
		assertThat(this.runs.retry(id, this.queue)).isTrue();
		assertThat(this.maintenance.deleteRuns(100)).isZero();
		assertThat(runIds()).containsExactly(id);
	}

	@Test
	void aKeyIsFreeOnceItsRunIsGone() {
		long first = start(newRun("key"));
		finish(claimRun(first));
		assertThat(start(newRun("key"))).isEqualTo(first);
		this.database.elapse(RETENTION.plusSeconds(1));
		this.maintenance.deleteRuns(100);
		assertThat(start(newRun("key"))).isNotEqualTo(first);
	}

	@Test
	void noMoreRunsAreDeletedAtOnceThanTheLimit() {
		String first = this.queue;
		for (int i = 0; i < 6; i++) {
			if (i == 3) {
				this.queue = newQueue();
				keep(WorkflowQueues.of(this.queue), RETENTION, DEAD_RETENTION);
			}
			finish(startAndClaim());
			startAndFail();
		}
		this.database.elapse(DEAD_RETENTION.plusSeconds(1));
		assertThat(this.maintenance.deleteRuns(5)).isEqualTo(5);
		assertThat(this.maintenance.deleteRuns(5)).isEqualTo(5);
		assertThat(this.maintenance.deleteRuns(5)).isEqualTo(2);
		assertThat(this.maintenance.deleteRuns(5)).isZero();
		assertThat(first).isNotEqualTo(this.queue);
	}

	@Test
	void runsThatLivedLongHideNoneBehindThem() {
		List<Lease> stubborn = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			stubborn.add(startAndClaim());
		}
		List<Lease> expired = List.of(startAndClaim(), startAndClaim(), startAndClaim());
		expired.forEach(this::finish);
		this.database.elapse(RETENTION.plusSeconds(1));
		stubborn.forEach((lease) -> finish(claimRun(lease.messageId())));
		assertThat(this.maintenance.deleteRuns(2)).isZero();
		assertThat(deleteRuns(10, 2)).isEqualTo(3);
		assertThat(runIds()).hasSameElementsAs(ids(stubborn));
		finish(startAndClaim());
		this.database.elapse(RETENTION.plusSeconds(1));
		assertThat(deleteRuns(40, 2)).isEqualTo(51);
	}

	private int deleteRuns(int calls, int limit) {
		int deleted = 0;
		for (int call = 0; call < calls; call++) {
			deleted += this.maintenance.deleteRuns(limit);
		}
		return deleted;
	}

	@Test
	void runsWhoseQueueIsGoneStay() {
		finish(startAndClaim());
		this.store.queues().delete(WorkflowQueues.of(this.queue));
		this.database.elapse(Duration.ofDays(1_000));
		assertThat(this.maintenance.deleteRuns(100)).isZero();
	}

	@Test
	void whatOneKeepsForAHundredYearsStays() {
		Duration hundredYears = Duration.ofDays(36_525);
		keep(this.queue, hundredYears, hundredYears);
		keep(WorkflowQueues.of(this.queue), hundredYears, hundredYears);
		enqueueAndArchive(1);
		deadLetter();
		finish(startAndClaim());
		this.database.elapse(Duration.ofDays(1_000));
		assertThat(this.maintenance.deleteArchived(10)).isZero();
		assertThat(this.maintenance.deleteDeadLetters(10)).isZero();
		assertThat(this.maintenance.deleteRuns(10)).isZero();
	}

	@Test
	void workersThatStoppedOrDiedAreForgottenAfterAWhile() {
		Registration registration = new Registration("name", "host", 1, "0.1", List.of(), Duration.ofSeconds(30));
		WorkerStore workers = this.store.workers();
		workers.stopped(workers.register(registration));
		workers.register(registration);
		this.database.elapse(PERIOD);
		workers.reclaim(Duration.ofSeconds(30));
		this.database.elapse(RETENTION);
		workers.stopped(workers.register(registration));
		long silent = workers.register(registration);
		assertThat(this.maintenance.deleteWorkers(RETENTION, 1)).isEqualTo(1);
		assertThat(this.maintenance.deleteWorkers(RETENTION, 10)).isEqualTo(1);
		this.database.elapse(RETENTION.plusSeconds(1));
		assertThat(this.maintenance.deleteWorkers(RETENTION, 10)).isEqualTo(1);
		assertThat(workers.findAll()).extracting(WorkerRecord::id).containsExactly(silent);
	}

	private void enqueueAndArchive(int count) {
		enqueue(count);
		this.store.messages().complete(leases(claim(count)), true);
	}

	private List<Long> runIds() {
		return this.database.sql("SELECT id FROM pgqrs_workflow_runs ORDER BY id").query(Long.class).list();
	}

}
