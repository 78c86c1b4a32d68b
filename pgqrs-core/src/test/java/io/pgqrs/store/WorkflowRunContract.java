package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.pgqrs.store.SignalReceipt.State;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.TransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Runs as those see them who start and steer them. */
abstract class WorkflowRunContract extends WorkflowStoreContract {

	private static final Duration SECONDS = Duration.ofSeconds(5);

	private static final Duration HOUR = Duration.ofHours(1);

	@Test
	void aNewRunWaitsForItsTurn() {
		StartedRun started = this.runs
			.start(new NewRun(this.queue, this.queue, "key", "\"in\"", 4, null, null, null, null));
		assertThat(started.created()).isTrue();
		RunRecord run = run(started.id());
		assertThat(run.id()).isEqualTo(started.id());
		assertThat(run.workflow()).isEqualTo(this.queue);
		assertThat(run.key()).isEqualTo("key");
		assertThat(run.attempt()).isZero();
		assertThat(run.priority()).isEqualTo(4);
		assertThat(run.status()).isEqualTo(RunRecord.QUEUED);
		assertThat(run.input()).isEqualTo("\"in\"");
		assertThat(run.output()).isNull();
		assertThat(run.error()).isNull();
		assertThat(run.createdAt()).isCloseTo(Instant.now(), within(SECONDS));
		assertThat(run.startedAt()).isNull();
		assertThat(run.completedAt()).isNull();
	}

	@Test
	void aRunTravelsAsAMessageOfTheSameId() {
		long id = start(new NewRun("another name", this.queue, null, "\"in\"", 4, null, null, null, null));
		ClaimedMessage message = claimOne();
		assertThat(message.lease()).isEqualTo(new Lease(id, 1));
		assertThat(message.payload()).isEqualTo("\"in\"");
		assertThat(message.headers()).isNull();
		assertThat(message.priority()).isEqualTo(4);
		assertThat(message.attempt()).isEqualTo(1);
		assertThat(message.enqueuedAt()).isEqualTo(run(id).createdAt());
	}

	@Test
	void aRunMayHaveNoInput() {
		long id = start(new NewRun(this.queue, this.queue, null, null, 0, null, null, null, null));
		assertThat(run(id).input()).isNull();
		assertThat(claimOne().payload()).isEqualTo("null");
	}

	@Test
	void theMessageOfARunWithATimeoutNamesIt() {
		start(newRun(null, Duration.ofMillis(90_001)));
		assertThat(claimOne().headers()).isEqualToIgnoringWhitespace("{\"pgqrs_timeout\":\"90001\"}");
	}

	@Test
	void aRunOfHigherPriorityIsClaimedFirst() {
		long low = start();
		long high = start(new NewRun(this.queue, this.queue, null, null, 1, null, null, null, null));
		assertThat(claimIds(2)).containsExactly(high, low);
	}

	@Test
	void runsAndMessagesShareTheirIds() {
		List<Long> ids = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			ids.add(enqueue());
			ids.add(start());
			ids.add(start(newLeasedRun()));
			ids.addAll(enqueue(2));
			finish(new Lease(ids.get(ids.size() - 3), 1));
		}
		assertThat(ids).isSorted().doesNotHaveDuplicates();
	}

	@Test
	void aKeyIsUsedOnce() {
		StartedRun first = this.runs.start(newRun("key"));
		assertThat(first.created()).isTrue();
		assertThat(this.runs.start(new NewRun(this.queue, this.queue, "key", "2", 9, HOUR, null, HOUR, null)))
			.isEqualTo(new StartedRun(first.id(), false, null));
		assertThat(this.runs.start(new NewRun(this.queue, this.queue, "key", "2", 9, null, null, null, LEASE)))
			.isEqualTo(new StartedRun(first.id(), false, null));
		assertThat(run(first.id()).input()).isEqualTo("1");
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
		assertThat(claimOne().lease()).isEqualTo(new Lease(first.id(), 1));
	}

	@Test
	void theRunOfAKeyIsFoundWhateverBecameOfIt() {
		long finished = start(newRun("finished"));
		finish(claimRun(finished));
		long cancelled = start(newRun("cancelled"));
		this.runs.cancel(cancelled);
		long paused = start(newRun("paused"));
		this.runs.pause(paused);
		assertThat(this.runs.start(newRun("finished"))).isEqualTo(new StartedRun(finished, false, null));
		assertThat(this.runs.start(newRun("cancelled"))).isEqualTo(new StartedRun(cancelled, false, null));
		assertThat(this.runs.start(newRun("paused"))).isEqualTo(new StartedRun(paused, false, null));
		assertThat(claimIds(3)).isEmpty();
	}

	@Test
	void aKeyBelongsToItsWorkflow() {
		long one = start(newRun("key"));
		StartedRun another = this.runs
			.start(new NewRun(this.queue + "b", this.queue, "key", null, 0, null, null, null, null));
		assertThat(another.created()).isTrue();
		assertThat(another.id()).isNotEqualTo(one);
		assertThat(this.runs.find(this.queue, "key").id()).isEqualTo(one);
		assertThat(this.runs.find(this.queue + "b", "key").id()).isEqualTo(another.id());
	}

	@Test
	void aKeyIsUsedOnceByManyAtTheSameTime() throws Exception {
		List<StartedRun> started = concurrently(8, () -> this.runs.start(newRun("key")));
		assertThat(started).extracting(StartedRun::created).containsOnlyOnce(true);
		assertThat(started).extracting(StartedRun::id).containsOnly(started.get(0).id());
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
		assertThat(claimOne().lease().messageId()).isEqualTo(started.get(0).id());
	}

	@Test
	void nothingIsStartedWithoutAQueue() {
		assertThat(this.runs.start(new NewRun(this.queue, "unknown", null, "1", 0, null, null, null, null))).isNull();
		assertThat(this.runs.start(new NewRun(this.queue, "unknown", "key", "1", 0, null, null, null, null))).isNull();
		assertThat(runs()).isEmpty();
		assertThat(this.runs.start(newRun("key")).created()).isTrue();
	}

	@Test
	void theRunOfAKeyIsFoundAlthoughItsQueueIsGone() {
		long id = start(newRun("key"));
		finish(claimRun(id));
		assertThat(this.store.queues().delete(this.queue)).isEqualTo(QueueStore.Deletion.DELETED);
		assertThat(this.runs.start(newRun("key"))).isEqualTo(new StartedRun(id, false, null));
		assertThat(this.runs.start(newRun("another key"))).isNull();
	}

	@Test
	void aRunIsDueAfterItsDelayOrAtItsTimeWhicheverIsLater() {
		Instant now = Instant.now();
		long at = start(newRun(Duration.ofMinutes(1), now.plus(HOUR)));
		long delayed = start(newRun(HOUR, now.plusSeconds(60)));
		long past = start(newRun(null, now.minusSeconds(60)));
		assertThat(claimIds(3)).containsExactly(past);
		this.database.elapse(HOUR.minus(SECONDS));
		assertThat(claimIds(3)).doesNotContain(at, delayed);
		this.database.elapse(SECONDS.multipliedBy(2));
		assertThat(claimIds(3)).contains(at, delayed);
		assertThat(run(at).createdAt()).isCloseTo(now.minus(HOUR), within(SECONDS.multipliedBy(2)));
	}

	@Test
	void theTimeoutCountsFromWhenTheRunIsDue() {
		long id = start(newRun(HOUR, Duration.ofMinutes(10)));
		this.database.elapse(HOUR);
		assertThat(history(claimRun(id)).timeLeft()).isCloseTo(Duration.ofMinutes(10), SECONDS);
		Lease leased = new Lease(start(new NewRun(this.queue, this.queue, null, null, 0, null, null, TIMEOUT, LEASE)),
				1);
		assertThat(history(leased).timeLeft()).isCloseTo(TIMEOUT, SECONDS);
	}

	@Test
	void aRunMayBeginWithALease() {
		StartedRun started = this.runs
			.start(new NewRun(this.queue, this.queue, "key", "1", 0, null, null, null, LEASE));
		assertThat(started.created()).isTrue();
		Lease lease = new Lease(started.id(), 1);
		assertThat(claimIds(1)).isEmpty();
		assertThat(isDue(started.id())).isFalse();
		assertThat(run(started.id())).satisfies((run) -> {
			assertThat(run.status()).isEqualTo(RunRecord.RUNNING);
			assertThat(run.attempt()).isEqualTo(1);
			assertThat(run.startedAt()).isEqualTo(run.createdAt());
		});
		assertThat(counts().inFlight()).isEqualTo(1);
		assertThat(record(lease, "step")).isEqualTo(RunDirective.CONTINUE);
		assertThat(extend(lease, LEASE)).isTrue();
		assertThat(finish(lease)).isTrue();
	}

	@Test
	void theLeaseThatARunBeginsWithEnds() {
		long id = start(newLeasedRun());
		this.database.elapse(LEASE.minus(SECONDS));
		assertThat(isDue(id)).isFalse();
		this.database.elapse(SECONDS);
		ClaimedMessage claimed = claimOne();
		assertThat(claimed.lease()).isEqualTo(new Lease(id, 2));
		assertThat(claimed.attempt()).isEqualTo(2);
	}

	@Test
	void whatIsStartedInATransactionThatRollsBackNeverWas() {
		rolledBack(() -> {
			start(newRun("key"));
			start(newLeasedRun());
		});
		assertThat(runs()).isEmpty();
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(this.runs.start(newRun("key")).created()).isTrue();
	}

	@Test
	void thereMayBeNoSuchRun() {
		long message = enqueue();
		for (long id : List.of(message, Long.MAX_VALUE)) {
			assertThat(this.runs.find(id)).isNull();
			assertThat(this.runs.steps(id)).isEmpty();
			assertThat(this.runs.cancel(id)).isNull();
			assertThat(this.runs.pause(id)).isFalse();
			assertThat(this.runs.resume(id)).isFalse();
			assertThat(this.runs.retry(id, this.queue)).isFalse();
			assertThat(this.runs.signal(id, "signal", null)).isFalse();
		}
		assertThat(this.runs.find(this.queue, "key")).isNull();
		assertThat(this.runs.ended(List.of(message, Long.MAX_VALUE))).isEmpty();
		assertThat(claimIds(1)).containsExactly(message);
	}

	@Test
	void aRunIsFoundByItsIdAndByItsKey() {
		long id = start(newRun("key"));
		start(newRun("another key"));
		start();
		assertThat(this.runs.find(this.queue, "key")).isEqualTo(run(id));
		assertThat(this.runs.find("another workflow", "key")).isNull();
	}

	@Test
	void aRunIsRunningWhileItIsLeased() {
		long id = start();
		claimRun(id);
		assertThat(status(id)).isEqualTo(RunRecord.RUNNING);
		this.database.elapse(LEASE);
		assertThat(status(id)).isEqualTo(RunRecord.QUEUED);
		claimOne();
		assertThat(status(id)).isEqualTo(RunRecord.RUNNING);
	}

	@Test
	void aRunTellsWhenItWasClaimedForTheFirstTimeAndHowOften() {
		long id = start();
		claimOne();
		assertThat(run(id).startedAt()).isCloseTo(Instant.now(), within(SECONDS));
		assertThat(run(id).attempt()).isEqualTo(1);
		this.database.elapse(HOUR);
		claimOne();
		assertThat(run(id).startedAt()).isCloseTo(Instant.now().minus(HOUR), within(SECONDS));
		assertThat(run(id).attempt()).isEqualTo(2);
		this.database.elapse(HOUR);
		finish(claimRun(id));
		assertThat(run(id).startedAt()).isCloseTo(Instant.now().minus(HOUR.multipliedBy(2)), within(SECONDS));
		assertThat(run(id).completedAt()).isCloseTo(Instant.now(), within(SECONDS));
		assertThat(run(id).attempt()).isEqualTo(3);
	}

	@Test
	void theYoungestRunsComeFirst() {
		long first = start();
		long second = start();
		long third = start();
		assertThat(runs()).containsExactly(third, second, first);
		assertThat(ids(new RunFilter(null, Set.of(), null, null, null, 3))).containsExactly(third, second, first);
		assertThat(ids(new RunFilter(null, Set.of(), null, null, null, 2))).containsExactly(third, second);
		assertThat(ids(new RunFilter(this.queue, Set.of(), null, null, null, 2))).containsExactly(third, second);
	}

	@Test
	void aPageBeginsAfterTheLastRunOfThePageBefore() {
		List<Long> ids = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			ids.add(0, start());
		}
		this.runs.cancel(ids.get(1));
		this.runs.pause(ids.get(3));
		assertThat(ids(new RunFilter(this.queue, Set.of(), null, null, ids.get(1), 2))).isEqualTo(ids.subList(2, 4));
		assertThat(ids(new RunFilter(this.queue, Set.of(), null, null, ids.get(3), 2))).isEqualTo(ids.subList(4, 5));
		assertThat(ids(new RunFilter(null, Set.of(), null, null, ids.get(1), 2))).isEqualTo(ids.subList(2, 4));
		assertThat(ids(new RunFilter(this.queue, Set.of(RunRecord.QUEUED), null, null, ids.get(0), 9)))
			.containsExactly(ids.get(2), ids.get(4));
	}

	@Test
	void runsAreListedByTheirWorkflow() {
		long id = start();
		start(new NewRun(this.queue + "b", this.queue, null, null, 0, null, null, null, null));
		assertThat(runs()).containsExactly(id);
		assertThat(ids(new RunFilter("unknown", Set.of(), null, null, null, 9))).isEmpty();
	}

	@Test
	void runsAreListedByTheirStatus() {
		long awake = startAndSleep();
		this.database.elapse(HOUR);
		claimRun(awake);
		long queued = start();
		long running = start(newLeasedRun());
		long expired = start(newLeasedRun());
		extend(new Lease(expired, 1), Duration.ZERO);
		long sleeping = startAndSleep();
		long held = start();
		this.runs.pause(held);
		long toBeHeld = start(newLeasedRun());
		this.runs.pause(toBeHeld);
		long cancelling = start(newLeasedRun());
		this.runs.cancel(cancelling);
		long cancelled = start();
		this.runs.cancel(cancelled);
		long finished = start(newLeasedRun());
		finish(new Lease(finished, 1));
		long failed = startAndFail().messageId();
		assertThat(runs(RunRecord.QUEUED)).containsExactly(expired, queued);
		assertThat(runs(RunRecord.RUNNING)).containsExactly(running, awake);
		assertThat(runs(RunRecord.PAUSED)).containsExactly(toBeHeld, held, sleeping);
		assertThat(runs(RunRecord.CANCELLING)).containsExactly(cancelling);
		assertThat(runs(RunRecord.CANCELLED)).containsExactly(cancelled);
		assertThat(runs(RunRecord.SUCCESS)).containsExactly(finished);
		assertThat(runs(RunRecord.ERROR)).containsExactly(failed);
		assertThat(runs(RunRecord.QUEUED, RunRecord.RUNNING, RunRecord.ERROR)).containsExactly(failed, expired, running,
				queued, awake);
		assertThat(runs("UNKNOWN")).isEmpty();
		assertThat(ids(new RunFilter(null, Set.of(RunRecord.SUCCESS, RunRecord.CANCELLED), null, null, null, 2)))
			.containsExactly(finished, cancelled);
		assertThat(this.runs.list(new RunFilter(this.queue, Set.of(), null, null, null, 99))).hasSize(11)
			.allSatisfy((run) -> assertThat(run).isEqualTo(run(run.id())));
	}

	private long startAndSleep() {
		Lease lease = startAndClaim();
		this.steps.record(lease, sleep("sleep", HOUR));
		this.steps.suspend(lease);
		return lease.messageId();
	}

	@Test
	void onlyAsManyRunsOfAStatusAreListedAsAreWanted() {
		for (int i = 0; i < 3; i++) {
			start();
			start(newLeasedRun());
		}
		List<Long> running = runs(RunRecord.RUNNING);
		assertThat(running).hasSize(3);
		assertThat(ids(new RunFilter(this.queue, Set.of(RunRecord.RUNNING), null, null, null, 2)))
			.isEqualTo(running.subList(0, 2));
		assertThat(ids(new RunFilter(this.queue, Set.of(RunRecord.RUNNING), null, null, running.get(1), 2)))
			.isEqualTo(running.subList(2, 3));
	}

	@Test
	void runsAreListedByTheTimeTheyWereStarted() {
		long first = start();
		this.database.elapse(HOUR);
		long second = start();
		this.database.elapse(HOUR);
		long third = start();
		Instant early = run(second).createdAt();
		Instant late = run(third).createdAt();
		assertThat(ids(new RunFilter(this.queue, Set.of(), early, null, null, 9))).containsExactly(third, second);
		assertThat(ids(new RunFilter(this.queue, Set.of(), null, late, null, 9))).containsExactly(second, first);
		assertThat(ids(new RunFilter(this.queue, Set.of(), early, late, null, 9))).containsExactly(second);
		assertThat(ids(new RunFilter(null, Set.of(), early, null, null, 2))).containsExactly(third, second);
		assertThat(ids(new RunFilter(null, Set.of(), early, late, null, 999))).contains(second)
			.doesNotContain(first, third);
		assertThat(ids(new RunFilter(this.queue, Set.of(RunRecord.QUEUED), early, late, null, 9)))
			.containsExactly(second);
	}

	@Test
	void thoseOfSomeRunsThatHaveEndedAreFound() {
		long queued = start();
		Lease finished = startAndClaim();
		end(finished, RunRecord.SUCCESS, "\"out\"", null);
		long failed = startAndFail().messageId();
		long cancelled = start();
		this.runs.cancel(cancelled);
		long cancelling = start(newLeasedRun());
		this.runs.cancel(cancelling);
		long other = start();
		this.runs.cancel(other);
		List<RunRecord> ended = this.runs
			.ended(List.of(queued, finished.messageId(), failed, cancelled, cancelling, Long.MAX_VALUE));
		assertThat(ended).containsExactlyInAnyOrder(run(finished.messageId()), run(failed), run(cancelled));
		assertThat(this.runs.ended(List.of())).isEmpty();
	}

	@Test
	void theStepsOfARunComeInTheOrderInWhichTheyBegan() {
		Lease lease = startAndClaim();
		this.steps.record(lease, again("first", 1, Duration.ofSeconds(1)));
		this.database.elapse(Duration.ofSeconds(1));
		record(lease, "b");
		this.database.elapse(Duration.ofSeconds(1));
		record(lease, "a");
		this.database.elapse(Duration.ofSeconds(1));
		record(lease, "first");
		record(startAndClaim(), "of another run");
		assertThat(this.runs.steps(lease.messageId())).extracting(StepRecord::name).containsExactly("first", "b", "a");
		finish(lease);
		assertThat(this.runs.steps(lease.messageId())).hasSize(3);
	}

	@Test
	void aStepIsShownAsItWasRecorded() {
		Lease lease = startAndClaim();
		this.steps.record(lease, new StepOutcome("step", StepKind.STEP, RunRecord.SUCCESS, 2, "\"out\"", ERROR,
				Duration.ofMinutes(1), null));
		assertThat(this.runs.steps(lease.messageId())).singleElement().satisfies((step) -> {
			assertThat(step.name()).isEqualTo("step");
			assertThat(step.kind()).isEqualTo(StepKind.STEP);
			assertThat(step.status()).isEqualTo(RunRecord.SUCCESS);
			assertThat(step.attempts()).isEqualTo(2);
			assertThat(step.output()).isEqualTo("\"out\"");
			assertThat(step.error()).isEqualToIgnoringWhitespace(ERROR);
			assertThat(step.timeLeft()).isNull();
			assertThat(step.startedAt()).isCloseTo(Instant.now().minusSeconds(60), within(SECONDS));
			assertThat(step.completedAt()).isCloseTo(Instant.now(), within(SECONDS));
		});
	}

	@Test
	void aSleepThatIsOverCountsAsASuccess() {
		Lease lease = startAndClaim();
		this.steps.record(lease, sleep("sleep", HOUR));
		assertThat(this.runs.steps(lease.messageId())).singleElement().satisfies((step) -> {
			assertThat(step.kind()).isEqualTo(StepKind.SLEEP);
			assertThat(step.status()).isEqualTo(RunRecord.PAUSED);
			assertThat(step.timeLeft()).isCloseTo(HOUR, SECONDS);
			assertThat(step.completedAt()).isNull();
		});
		this.database.elapse(HOUR.multipliedBy(2));
		assertThat(this.runs.steps(lease.messageId())).singleElement().satisfies((step) -> {
			assertThat(step.status()).isEqualTo(RunRecord.SUCCESS);
			assertThat(step.timeLeft()).isNegative();
			assertThat(step.completedAt()).isCloseTo(Instant.now().minus(HOUR), within(SECONDS));
			assertThat(step.startedAt()).isCloseTo(Instant.now().minus(HOUR.multipliedBy(2)), within(SECONDS));
		});
	}

	@Test
	void nothingElseCountsAsASuccessBecauseItsTimeIsUp() {
		Lease lease = startAndClaim();
		this.steps.record(lease, again("again", 1, HOUR));
		this.steps.receive(lease, "wait", "signal", HOUR);
		this.database.elapse(HOUR.multipliedBy(2));
		assertThat(this.runs.steps(lease.messageId())).extracting(StepRecord::status)
			.containsExactly(RunRecord.QUEUED, RunRecord.PAUSED);
		assertThat(this.runs.steps(lease.messageId())).allSatisfy((step) -> {
			assertThat(step.timeLeft()).isNegative();
			assertThat(step.completedAt()).isNull();
		});
	}

	@Test
	void aRunThatNobodyHoldsIsCancelledAtOnce() {
		long queued = start();
		assertThat(this.runs.cancel(queued)).isEqualTo(RunRecord.CANCELLED);
		long delayed = start(newRun(HOUR, (Instant) null));
		assertThat(this.runs.cancel(delayed)).isEqualTo(RunRecord.CANCELLED);
		long held = start();
		this.runs.pause(held);
		assertThat(this.runs.cancel(held)).isEqualTo(RunRecord.CANCELLED);
		long sleeping = startAndSleep();
		assertThat(this.runs.cancel(sleeping)).isEqualTo(RunRecord.CANCELLED);
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(rows("pgqrs_archive")).isZero();
		assertThat(this.runs.list(new RunFilter(this.queue, Set.of(), null, null, null, 9))).hasSize(4)
			.allSatisfy((run) -> {
				assertThat(run.status()).isEqualTo(RunRecord.CANCELLED);
				assertThat(run.completedAt()).isCloseTo(Instant.now(), within(SECONDS));
				assertThat(run.output()).isNull();
				assertThat(run.error()).isNull();
			});
		assertThat(run(queued).attempt()).isZero();
		assertThat(run(queued).startedAt()).isNull();
		assertThat(run(sleeping).startedAt()).isNotNull();
	}

	@Test
	void aRunThatLostItsLeaseIsCancelledAtOnce() {
		Lease lease = startAndClaim();
		this.database.elapse(LEASE);
		assertThat(this.runs.cancel(lease.messageId())).isEqualTo(RunRecord.CANCELLED);
		assertThat(run(lease.messageId()).attempt()).isEqualTo(1);
		assertThat(run(lease.messageId()).startedAt()).isCloseTo(Instant.now().minus(LEASE), within(SECONDS));
		assertHoldsNothing(lease);
	}

	@Test
	void aRunThatIsHeldIsCancelledWhenItsStepEnds() {
		Lease lease = startAndClaim();
		long id = lease.messageId();
		assertThat(this.runs.cancel(id)).isEqualTo(RunRecord.CANCELLING);
		assertThat(status(id)).isEqualTo(RunRecord.CANCELLING);
		assertThat(run(id).completedAt()).isNull();
		assertThat(this.runs.cancel(id)).isEqualTo(RunRecord.CANCELLING);
		assertThat(extend(lease, LEASE)).isTrue();
		assertThat(record(lease, "step")).isEqualTo(RunDirective.CANCEL);
		assertThat(end(lease, RunRecord.CANCELLED, null, null)).isTrue();
		assertThat(status(id)).isEqualTo(RunRecord.CANCELLED);
	}

	@Test
	void aRunWhoseHolderDiedBeforeItCouldCancelIsCancelledByTheNextWhoAsks() {
		Lease lease = startAndClaim();
		this.runs.cancel(lease.messageId());
		this.database.elapse(LEASE);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.CANCELLING);
		assertThat(isDue(lease.messageId())).isTrue();
		assertThat(this.runs.cancel(lease.messageId())).isEqualTo(RunRecord.CANCELLED);
		assertThat(rows("pgqrs_messages")).isZero();
	}

	@Test
	void aRunThatHasEndedIsNeitherCancelledNorPausedNorSentASignal() {
		Lease finished = startAndClaim();
		finish(finished);
		long failed = startAndFail().messageId();
		long cancelled = start();
		this.runs.cancel(cancelled);
		for (long id : List.of(finished.messageId(), failed, cancelled)) {
			RunRecord run = run(id);
			assertThat(this.runs.cancel(id)).isNull();
			assertThat(this.runs.pause(id)).isFalse();
			assertThat(this.runs.resume(id)).isFalse();
			assertThat(this.runs.signal(id, "signal", "1")).isFalse();
			assertThat(run(id)).isEqualTo(run);
		}
	}

	@Test
	void aRunThatNobodyHoldsIsPausedAtOnce() {
		long id = start();
		assertThat(this.runs.pause(id)).isTrue();
		assertThat(status(id)).isEqualTo(RunRecord.PAUSED);
		this.database.elapse(Duration.ofDays(10_000));
		assertThat(claimIds(1)).isEmpty();
		assertThat(isDue(id)).isFalse();
		assertThat(status(id)).isEqualTo(RunRecord.PAUSED);
		assertThat(this.runs.pause(id)).isFalse();
	}

	@Test
	void aRunThatLostItsLeaseIsPausedAtOnce() {
		Lease lease = startAndClaim();
		this.database.elapse(LEASE);
		assertThat(this.runs.pause(lease.messageId())).isTrue();
		assertThat(isDue(lease.messageId())).isFalse();
		assertHoldsNothing(lease);
		assertThat(this.runs.resume(lease.messageId())).isTrue();
		assertThat(claimOne().attempt()).isEqualTo(2);
	}

	@Test
	void aRunThatIsHeldIsPausedWhenItsStepEnds() {
		Lease lease = startAndClaim();
		assertThat(this.runs.pause(lease.messageId())).isTrue();
		assertThat(this.runs.pause(lease.messageId())).isFalse();
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.PAUSED);
		assertThat(record(lease, "step")).isEqualTo(RunDirective.PAUSE);
		assertThat(this.steps.suspend(lease)).isEqualTo(WorkflowStepStore.NEVER);
		assertThat(isDue(lease.messageId())).isFalse();
	}

	@Test
	void aRunThatIsToBeCancelledIsNotPaused() {
		Lease lease = startAndClaim();
		this.runs.cancel(lease.messageId());
		assertThat(this.runs.pause(lease.messageId())).isFalse();
		assertThat(record(lease, "step")).isEqualTo(RunDirective.CANCEL);
	}

	@Test
	void aRunThatIsToBePausedCanBeCancelled() {
		Lease lease = startAndClaim();
		this.runs.pause(lease.messageId());
		assertThat(this.runs.cancel(lease.messageId())).isEqualTo(RunRecord.CANCELLING);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.CANCELLING);
		assertThat(this.runs.resume(lease.messageId())).isFalse();
		assertThat(record(lease, "step")).isEqualTo(RunDirective.CANCEL);
		assertThat(this.steps.suspend(lease)).isEqualTo(Duration.ZERO);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.CANCELLING);
		assertThat(isDue(lease.messageId())).isTrue();
	}

	@Test
	void aResumedRunIsDueNow() {
		long queued = start();
		this.runs.pause(queued);
		long sleeping = startAndSleep();
		this.runs.pause(sleeping);
		for (long id : List.of(queued, sleeping)) {
			assertThat(this.runs.resume(id)).isTrue();
			assertThat(status(id)).isEqualTo(RunRecord.QUEUED);
			assertThat(isDue(id)).isTrue();
			assertThat(this.runs.resume(id)).isFalse();
		}
		assertThat(claimIds(4)).containsExactlyInAnyOrder(queued, sleeping);
	}

	@Test
	void aResumedRunThatIsToBeginLaterBeginsInItsTime() {
		long delayed = start(newRun(HOUR, (Instant) null));
		this.runs.pause(delayed);
		assertThat(this.runs.resume(delayed)).isTrue();
		assertThat(status(delayed)).isEqualTo(RunRecord.QUEUED);
		assertThat(isDue(delayed)).isFalse();
		this.database.elapse(HOUR);
		assertThat(isDue(delayed)).isTrue();
	}

	@Test
	void aRunIsResumedBeforeItsStepEnds() {
		Lease lease = startAndClaim();
		this.runs.pause(lease.messageId());
		assertThat(this.runs.resume(lease.messageId())).isTrue();
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.RUNNING);
		assertThat(isDue(lease.messageId())).isFalse();
		assertThat(record(lease, "step")).isEqualTo(RunDirective.CONTINUE);
	}

	@Test
	void onlyARunThatIsHeldIsResumed() {
		long queued = start();
		long running = start(newLeasedRun());
		long sleeping = startAndSleep();
		for (long id : List.of(queued, running, sleeping)) {
			assertThat(this.runs.resume(id)).isFalse();
		}
		assertThat(isDue(sleeping)).isFalse();
	}

	@Test
	void aRetriedRunIsDueNowWithNewAttemptsUnderTheSameId() {
		Lease stale = startAndFail();
		long id = stale.messageId();
		this.database.elapse(HOUR);
		Instant startedAt = run(id).startedAt();
		assertThat(run(id).error()).contains("broken");
		assertThat(this.runs.retry(id, this.queue)).isTrue();
		assertThat(run(id)).satisfies((run) -> {
			assertThat(run.status()).isEqualTo(RunRecord.QUEUED);
			assertThat(run.attempt()).isZero();
			assertThat(run.error()).isNull();
			assertThat(run.output()).isNull();
			assertThat(run.completedAt()).isNull();
			assertThat(run.startedAt()).isEqualTo(startedAt);
			assertThat(run.input()).isEqualTo("1");
		});
		ClaimedMessage claimed = claimOne();
		assertThat(claimed.lease().messageId()).isEqualTo(id);
		assertThat(claimed.lease().deliveryCount()).isGreaterThan(stale.deliveryCount());
		assertThat(claimed.attempt()).isEqualTo(1);
		assertThat(claimed.payload()).isEqualTo("1");
		assertHoldsNothing(stale);
		assertThat(finish(claimed.lease())).isTrue();
		assertThat(run(id).startedAt()).isEqualTo(startedAt);
	}

	@Test
	void aRunThatFailedBeforeItWasPausedIsNotHeldWhenItIsRetried() {
		Lease stale = startAndClaim();
		this.runs.pause(stale.messageId());
		fail(stale, ERROR);
		assertThat(this.runs.retry(stale.messageId(), this.queue)).isTrue();
		assertThat(status(stale.messageId())).isEqualTo(RunRecord.QUEUED);
		assertThat(history(claimRun(stale.messageId())).directive()).isEqualTo(RunDirective.CONTINUE);
	}

	@Test
	void theMessageOfARunHasTheHeadersThatItWasStartedWith() {
		long id = start(withHeaders(null));
		ClaimedMessage claimed = claimOne();
		assertThat(claimed.headers()).isEqualToIgnoringWhitespace("{\"trace\":\"1\"}");
		fail(claimed.lease(), ERROR);
		assertThat(this.runs.retry(id, this.queue)).isTrue();
		assertThat(claimOne().headers()).isEqualToIgnoringWhitespace("{\"trace\":\"1\"}");
	}

	@Test
	void theMessageOfARunWithATimeoutHasOtherHeadersAsWell() {
		long id = start(withHeaders(Duration.ofSeconds(90)));
		ClaimedMessage claimed = claimOne();
		assertThat(PayloadJson.readHeaders(claimed.headers()))
			.containsExactlyInAnyOrderEntriesOf(Map.of("trace", "1", NewRun.TIMEOUT_HEADER, "90000"));
		fail(claimed.lease(), ERROR);
		assertThat(this.runs.retry(id, this.queue)).isTrue();
		assertThat(claimOne().headers()).isEqualTo(claimed.headers());
	}

	private NewRun withHeaders(@Nullable Duration timeout) {
		return new NewRun(this.queue, this.queue, null, "1", 0, null, null, timeout, "{\"trace\":\"1\"}", null);
	}

	@Test
	void aRetriedRunHasTheWholeOfItsTimeoutAndItsPriority() {
		long id = start(new NewRun(this.queue, this.queue, null, null, 4, null, null, TIMEOUT, null));
		fail(claimRun(id), ERROR);
		this.database.elapse(TIMEOUT.multipliedBy(2));
		assertThat(this.runs.retry(id, this.queue)).isTrue();
		ClaimedMessage claimed = claimOne();
		assertThat(claimed.priority()).isEqualTo(4);
		assertThat(claimed.payload()).isEqualTo("null");
		assertThat(claimed.headers()).isEqualToIgnoringWhitespace("{\"pgqrs_timeout\":\"" + TIMEOUT.toMillis() + "\"}");
		assertThat(history(claimed.lease()).timeLeft()).isCloseTo(TIMEOUT, SECONDS);
	}

	@Test
	void aRetriedRunForgetsTheStepThatFailedAndTheAttemptsOfThoseThatAreNotComplete() {
		Lease stale = startAndClaim();
		record(stale, "done");
		this.steps.record(stale, failed("caught", 2));
		this.steps.record(stale, again("open", 2, HOUR));
		this.steps.record(stale, failed("broken", 3));
		fail(stale, "{\"type\":\"Test\",\"step\":\"broken\"}");
		this.runs.retry(stale.messageId(), this.queue);
		Lease lease = claimOne().lease();
		assertThat(history(lease).steps()).extracting(StepRecord::name)
			.containsExactlyInAnyOrder("done", "caught", "open");
		assertThat(history(lease).lastProgress()).isZero();
		assertThat(step(lease, "done").output()).isEqualTo("1");
		assertThat(step(lease, "done").attempts()).isEqualTo(1);
		assertThat(step(lease, "caught").status()).isEqualTo(RunRecord.ERROR);
		assertThat(step(lease, "caught").attempts()).isEqualTo(2);
		assertThat(step(lease, "open").attempts()).isZero();
		assertThat(step(lease, "open").timeLeft()).isNull();
		assertThat(record(lease, "broken")).isEqualTo(RunDirective.CONTINUE);
	}

	@Test
	void aRetriedRunForgetsNoStepThatSucceeded() {
		Lease stale = startAndClaim();
		record(stale, "done");
		fail(stale, "{\"type\":\"Test\",\"step\":\"done\"}");
		this.runs.retry(stale.messageId(), this.queue);
		assertThat(history(claimOne().lease()).steps()).extracting(StepRecord::name).containsExactly("done");
	}

	@Test
	void aRunWhoseErrorNamesNoStepIsRetriedToo() {
		Lease stale = startAndClaim();
		this.steps.record(stale, failed("caught", 2));
		this.steps.record(stale, sleep("sleep", HOUR));
		fail(stale, "{\"type\":\"Test\"}");
		assertThat(this.runs.retry(stale.messageId(), this.queue)).isTrue();
		Lease lease = claimOne().lease();
		assertThat(history(lease).steps()).hasSize(2);
		assertThat(step(lease, "sleep").timeLeft()).isCloseTo(HOUR, SECONDS);
	}

	@Test
	void onlyARunThatEndedWithAnErrorIsRetried() {
		long queued = start();
		long running = start(newLeasedRun());
		long cancelled = start();
		this.runs.cancel(cancelled);
		Lease finished = startAndClaim();
		finish(finished);
		for (long id : List.of(queued, running, cancelled, finished.messageId())) {
			RunRecord run = run(id);
			assertThat(this.runs.retry(id, this.queue)).isFalse();
			assertThat(run(id)).isEqualTo(run);
		}
		assertThat(rows("pgqrs_messages")).isEqualTo(2);
	}

	@Test
	void aRunIsNotRetriedWithoutAQueue() {
		long id = startAndFail().messageId();
		RunRecord run = run(id);
		assertThat(this.runs.retry(id, "unknown")).isFalse();
		assertThat(run(id)).isEqualTo(run);
		assertThat(this.runs.steps(id)).hasSize(1);
		String former = this.queue;
		this.queue = newQueue();
		assertThat(this.runs.retry(id, this.queue)).isTrue();
		assertThat(claimIds(1)).containsExactly(id);
		this.queue = former;
		assertThat(claimIds(1)).isEmpty();
	}

	@Test
	void aRunIsRetriedOnceAndCanBeAgain() throws Exception {
		long id = startAndFail().messageId();
		assertThat(concurrently(4, () -> this.runs.retry(id, this.queue))).containsOnlyOnce(true);
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
		fail(claimOne().lease(), ERROR);
		assertThat(this.runs.retry(id, this.queue)).isTrue();
		assertThat(claimOne().lease()).isEqualTo(new Lease(id, 3));
	}

	@Test
	void aRunThatWaitsForASignalIsDueWhenItIsSent() {
		long id = startAndWait("signal");
		assertThat(isDue(id)).isFalse();
		assertThat(this.runs.signal(id, "another", "1")).isTrue();
		assertThat(isDue(id)).isFalse();
		assertThat(this.runs.signal(id, "signal", "2")).isTrue();
		assertThat(isDue(id)).isTrue();
		assertThat(claimIds(2)).containsExactly(id);
	}

	@Test
	void aRunThatDoesNotWaitForASignalIsDueWhenItWouldBe() {
		long delayed = start(newRun(HOUR, (Instant) null));
		long sleeping = startAndSleep();
		long held = startAndWait("signal");
		this.runs.pause(held);
		Lease lease = startAndClaim();
		this.steps.receive(lease, "wait", "signal", HOUR);
		Lease received = startAndClaim();
		this.runs.signal(received.messageId(), "signal", "1");
		this.steps.receive(received, "wait", "signal", HOUR);
		this.steps.record(received, sleep("sleep", HOUR));
		this.steps.suspend(received);
		for (long id : List.of(delayed, sleeping, held, lease.messageId(), received.messageId())) {
			assertThat(this.runs.signal(id, "signal", null)).isTrue();
			assertThat(isDue(id)).isFalse();
		}
		assertThat(claimIds(9)).isEmpty();
		assertThat(extend(lease, LEASE)).isTrue();
	}

	@Test
	void aRunThatIsDueAlreadyKeepsItsPlace() {
		long id = startAndWait("signal");
		this.database.elapse(HOUR.multipliedBy(2));
		long behind = start();
		this.runs.signal(id, "signal", null);
		assertThat(claimIds(2)).containsExactly(id, behind);
	}

	@Test
	void aSignalThatIsRolledBackWasNeverSent() {
		long id = startAndWait("signal");
		rolledBack(() -> this.runs.signal(id, "signal", "1"));
		assertThat(isDue(id)).isFalse();
		this.runs.pause(id);
		this.runs.resume(id);
		assertThat(this.steps.receive(claimRun(id), "wait", "signal", HOUR).state()).isEqualTo(State.WAITING);
	}

	@Test
	void whatSteersARunRollsBackToo() {
		Set<RunRecord> before = new HashSet<>();
		long queued = start();
		long held = start();
		this.runs.pause(held);
		long failed = startAndFail().messageId();
		List<Long> ids = List.of(queued, held, failed);
		ids.forEach((id) -> before.add(run(id)));
		rolledBack(() -> this.runs.cancel(queued));
		rolledBack(() -> this.runs.pause(queued));
		rolledBack(() -> this.runs.resume(held));
		rolledBack(() -> this.runs.retry(failed, this.queue));
		Set<RunRecord> after = new HashSet<>();
		ids.forEach((id) -> after.add(run(id)));
		assertThat(after).isEqualTo(before);
		assertThat(claimIds(4)).containsExactly(queued);
	}

	private long startAndWait(String signal) {
		Lease lease = startAndClaim();
		assertThat(this.steps.receive(lease, "wait", signal, HOUR).state()).isEqualTo(State.WAITING);
		this.steps.suspend(lease);
		return lease.messageId();
	}

	private void assertHoldsNothing(Lease lease) {
		assertThat(record(lease, "too late")).isEqualTo(RunDirective.LOST);
		assertThat(this.steps.suspend(lease)).isNull();
		assertThat(finish(lease)).isFalse();
		assertThat(extend(lease, LEASE)).isFalse();
		assertThat(release(lease, Duration.ZERO)).isFalse();
		assertThat(this.runs.steps(lease.messageId())).extracting(StepRecord::name).doesNotContain("too late");
	}

	/** Of the workflow of this test, the youngest first. */
	private List<Long> runs(String... statuses) {
		return ids(new RunFilter(this.queue, Set.of(statuses), null, null, null, 99));
	}

	private List<Long> ids(RunFilter filter) {
		return this.runs.list(filter).stream().map(RunRecord::id).toList();
	}

	private void rolledBack(Runnable work) {
		this.database.transaction().executeWithoutResult((TransactionStatus status) -> {
			work.run();
			status.setRollbackOnly();
		});
	}

}
