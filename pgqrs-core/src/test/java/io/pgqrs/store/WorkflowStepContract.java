package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.pgqrs.store.SignalReceipt.State;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** What the holder of a run's lease writes down. */
abstract class WorkflowStepContract extends WorkflowStoreContract {

	private static final Duration SECONDS = Duration.ofSeconds(5);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration HOUR = Duration.ofHours(1);

	@Test
	void aRunThatIsDueIsClaimed() {
		long id = start(new NewRun(this.queue, this.queue, null, "\"in\"", 4, null, null, TIMEOUT, null));
		ClaimedMessage claimed = this.steps.claim(id, WORKER, MINUTE);
		assertThat(claimed.lease()).isEqualTo(new Lease(id, 1));
		assertThat(claimed.attempt()).isEqualTo(1);
		assertThat(claimed.priority()).isEqualTo(4);
		assertThat(claimed.payload()).isEqualTo("\"in\"");
		assertThat(claimed.headers()).contains(NewRun.TIMEOUT_HEADER);
		assertThat(claimed.enqueuedAt()).isEqualTo(run(id).createdAt());
		assertThat(claimed.dueAt()).isEqualTo(claimed.enqueuedAt());
		assertThat(claimed.leasedAt()).isEqualTo(claimed.visibleUntil().minus(MINUTE));
		assertThat(claimed.visibleUntil()).isCloseTo(Instant.now().plus(MINUTE), within(SECONDS));
		assertThat(message(id).get("worker_id")).hasToString(Long.toString(WORKER));
		this.database.elapse(MINUTE.minus(SECONDS));
		assertThat(isDue(id)).isFalse();
		this.database.elapse(SECONDS);
		assertThat(claimRun(id)).isEqualTo(new Lease(id, 2));
		assertThat(run(id).attempt()).isEqualTo(2);
	}

	@Test
	void aRunThatIsNotDueIsNotClaimed() {
		long delayed = start(newRun(HOUR, (Instant) null));
		assertThat(this.steps.claim(delayed, WORKER, LEASE)).isNull();
		long held = start();
		claimOne();
		assertThat(this.steps.claim(held, WORKER, LEASE)).isNull();
		Lease ended = startAndClaim();
		finish(ended);
		assertThat(this.steps.claim(ended.messageId(), WORKER, LEASE)).isNull();
		assertThat(this.steps.claim(Long.MAX_VALUE, WORKER, LEASE)).isNull();
		assertThat(this.steps.claim(enqueue(), WORKER, LEASE)).isNull();
	}

	@Test
	void aRunInAPausedQueueIsNotClaimed() {
		long id = start();
		this.store.queues().setPaused(this.queue, true);
		assertThat(this.steps.claim(id, WORKER, LEASE)).isNull();
		this.store.queues().setPaused(this.queue, false);
		assertThat(this.steps.claim(id, WORKER, LEASE)).isNotNull();
	}

	@Test
	void aRunIsClaimedByOne() throws Exception {
		long id = start();
		assertThat(concurrently(8, () -> this.steps.claim(id, WORKER, LEASE) != null)).containsOnlyOnce(true);
	}

	@Test
	void aCallerWithoutAWorkerClaimsToo() {
		long id = start();
		Lease lease = this.steps.claim(id, Claim.NO_WORKER, LEASE).lease();
		assertThat(status(id)).isEqualTo(RunRecord.RUNNING);
		assertThat(finish(lease)).isTrue();
	}

	@Test
	void aNewRunHasNothingBehindIt() {
		RunHistory history = history(startAndClaim());
		assertThat(history.directive()).isEqualTo(RunDirective.CONTINUE);
		assertThat(history.timeLeft()).isNull();
		assertThat(history.lastProgress()).isZero();
		assertThat(history.steps()).isEmpty();
	}

	@Test
	void aHistoryTellsAllSteps() {
		Lease lease = startAndClaim();
		this.steps.record(lease,
				new StepOutcome("done", StepKind.STEP, RunRecord.SUCCESS, 2, "\"out\"", ERROR, MINUTE, null));
		this.steps.record(lease, failed("failed", 3));
		this.steps.record(lease, again("again", 1, MINUTE));
		this.steps.record(lease, sleep("sleep", HOUR));
		this.steps.receive(lease, "wait", "signal", HOUR);
		assertThat(history(lease).steps()).hasSize(5);
		assertThat(step(lease, "done")).satisfies((step) -> {
			assertThat(step.kind()).isEqualTo(StepKind.STEP);
			assertThat(step.status()).isEqualTo(RunRecord.SUCCESS);
			assertThat(step.attempts()).isEqualTo(2);
			assertThat(step.output()).isEqualTo("\"out\"");
			assertThat(step.error()).isEqualToIgnoringWhitespace(ERROR);
			assertThat(step.timeLeft()).isNull();
			assertThat(step.startedAt()).isCloseTo(Instant.now().minus(MINUTE), within(SECONDS));
			assertThat(step.completedAt()).isCloseTo(Instant.now(), within(SECONDS));
		});
		assertThat(step(lease, "failed")).satisfies((step) -> {
			assertThat(step.status()).isEqualTo(RunRecord.ERROR);
			assertThat(step.attempts()).isEqualTo(3);
			assertThat(step.output()).isNull();
			assertThat(step.error()).isEqualToIgnoringWhitespace(ERROR);
			assertThat(step.completedAt()).isNotNull();
		});
		assertThat(step(lease, "again")).satisfies((step) -> {
			assertThat(step.status()).isEqualTo(RunRecord.QUEUED);
			assertThat(step.timeLeft()).isCloseTo(MINUTE, SECONDS);
			assertThat(step.completedAt()).isNull();
		});
		assertThat(step(lease, "sleep")).satisfies((step) -> {
			assertThat(step.kind()).isEqualTo(StepKind.SLEEP);
			assertThat(step.status()).isEqualTo(RunRecord.PAUSED);
			assertThat(step.timeLeft()).isCloseTo(HOUR, SECONDS);
		});
		assertThat(step(lease, "wait")).satisfies((step) -> {
			assertThat(step.kind()).isEqualTo(StepKind.SIGNAL);
			assertThat(step.status()).isEqualTo(RunRecord.PAUSED);
			assertThat(step.timeLeft()).isCloseTo(HOUR, SECONDS);
		});
	}

	@Test
	void theTimeThatIsLeftIsNegativeWhenItIsOver() {
		long id = start(newRun(null, MINUTE));
		Lease lease = claimRun(id);
		this.steps.record(lease, sleep("sleep", MINUTE));
		this.database.elapse(HOUR);
		assertThat(history(lease).timeLeft()).isCloseTo(MINUTE.minus(HOUR), SECONDS);
		assertThat(step(lease, "sleep").timeLeft()).isCloseTo(MINUTE.minus(HOUR), SECONDS);
	}

	@Test
	void theHistoriesOfManyComeAtOnce() {
		List<Lease> leases = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			Lease lease = startAndClaim();
			for (int j = 0; j < i; j++) {
				record(lease, "step" + j);
			}
			leases.add(lease);
		}
		Map<Long, RunHistory> histories = this.steps.histories(leases);
		assertThat(histories).hasSize(20);
		for (int i = 0; i < 20; i++) {
			assertThat(histories.get(leases.get(i).messageId()).steps()).hasSize(i);
		}
	}

	@Test
	void whoLostItsLeaseAndWhatIsNoRunHasNoHistory() {
		long message = enqueue();
		Lease none = claimOne().lease();
		Lease lost = startAndClaim();
		this.database.elapse(LEASE);
		Lease lease = claimRun(lost.messageId());
		Lease ended = startAndClaim();
		finish(ended);
		Lease given = startAndClaim();
		this.steps.suspend(given);
		Lease neverHeld = new Lease(start(), 0);
		assertThat(none.messageId()).isEqualTo(message);
		assertThat(this.steps.histories(List.of(none, lost, ended, given, neverHeld))).isEmpty();
		assertThat(this.steps.histories(List.of(none, lost, lease, ended))).containsOnlyKeys(lease.messageId());
		assertThat(this.steps.histories(List.of())).isEmpty();
	}

	@Test
	void aHistoryTellsWhatIsToBecomeOfTheRun() {
		Lease paused = startAndClaim();
		this.runs.pause(paused.messageId());
		Lease cancelled = startAndClaim();
		this.runs.cancel(cancelled.messageId());
		Lease both = startAndClaim();
		this.runs.pause(both.messageId());
		this.runs.cancel(both.messageId());
		assertThat(history(paused).directive()).isEqualTo(RunDirective.PAUSE);
		assertThat(history(cancelled).directive()).isEqualTo(RunDirective.CANCEL);
		assertThat(history(both).directive()).isEqualTo(RunDirective.CANCEL);
	}

	@Test
	void aHistoryTellsInWhichAttemptTheRunMadeProgress() {
		long id = start();
		claimRun(id);
		this.database.elapse(LEASE);
		Lease second = claimRun(id);
		assertThat(history(second).lastProgress()).isZero();
		record(second, "a");
		this.steps.record(second, again("b", 1, Duration.ZERO));
		assertThat(history(second).lastProgress()).isEqualTo(2);
		this.database.elapse(LEASE);
		Lease third = claimRun(id);
		assertThat(history(third).lastProgress()).isEqualTo(2);
		record(third, "b");
		assertThat(history(third).lastProgress()).isEqualTo(3);
	}

	@Test
	void aStepThatIsNotCompleteIsReplaced() {
		Lease lease = startAndClaim();
		this.steps.record(lease,
				new StepOutcome("step", StepKind.STEP, RunRecord.QUEUED, 1, null, ERROR, MINUTE, HOUR));
		this.database.elapse(HOUR);
		this.steps.record(lease, again("step", 2, MINUTE));
		assertThat(step(lease, "step")).satisfies((step) -> {
			assertThat(step.attempts()).isEqualTo(2);
			assertThat(step.timeLeft()).isCloseTo(MINUTE, SECONDS);
		});
		assertThat(this.steps.record(lease, done("step", "3"))).isEqualTo(RunDirective.CONTINUE);
		assertThat(step(lease, "step")).satisfies((step) -> {
			assertThat(step.status()).isEqualTo(RunRecord.SUCCESS);
			assertThat(step.output()).isEqualTo("3");
			assertThat(step.error()).isNull();
			assertThat(step.timeLeft()).isNull();
			assertThat(step.startedAt()).isCloseTo(Instant.now().minus(HOUR).minus(MINUTE), within(SECONDS));
			assertThat(step.completedAt()).isCloseTo(Instant.now(), within(SECONDS));
		});
	}

	@Test
	void aStepIsReplacedUnderAnotherLeaseToo() {
		Lease first = startAndClaim();
		this.steps.record(first, again("step", 1, Duration.ZERO));
		this.steps.suspend(first);
		Lease second = claimRun(first.messageId());
		assertThat(record(second, "step")).isEqualTo(RunDirective.CONTINUE);
		assertThat(step(second, "step").status()).isEqualTo(RunRecord.SUCCESS);
	}

	@Test
	void recordingTheSameOnceMoreChangesNothing() {
		Lease lease = startAndClaim();
		assertThat(this.steps.record(lease, done("step", "1"))).isEqualTo(RunDirective.CONTINUE);
		assertThat(this.steps.record(lease, failed("failed", 3))).isEqualTo(RunDirective.CONTINUE);
		RunHistory history = history(lease);
		assertThat(this.steps.record(lease, done("step", "1"))).isEqualTo(RunDirective.CONTINUE);
		assertThat(this.steps.record(lease, failed("failed", 3))).isEqualTo(RunDirective.CONTINUE);
		assertThat(this.steps.record(lease, done("step", "2"))).isEqualTo(RunDirective.CONTINUE);
		assertThat(history(lease).steps()).containsExactlyInAnyOrderElementsOf(history.steps());
		assertThat(step(lease, "step").output()).isEqualTo("1");
	}

	@Test
	void recordingTheSleepOnceMoreUnderTheSameLeaseLeavesOne() {
		Lease lease = startAndClaim();
		assertThat(this.steps.record(lease, sleep("sleep", HOUR))).isEqualTo(RunDirective.CONTINUE);
		assertThat(this.steps.record(lease, sleep("sleep", HOUR))).isEqualTo(RunDirective.CONTINUE);
		assertThat(history(lease).steps()).hasSize(1);
		assertThat(step(lease, "sleep").timeLeft()).isCloseTo(HOUR, SECONDS);
	}

	@Test
	void aStepThatIsCompleteIsNotRecordedUnderAnotherLease() {
		Lease first = startAndClaim();
		record(first, "step");
		this.steps.suspend(first);
		Lease second = claimRun(first.messageId());
		assertThat(this.steps.record(second, done("step", "2"))).isEqualTo(RunDirective.LOST);
		assertThat(step(second, "step").output()).isEqualTo("1");
	}

	@Test
	void whatIsToBecomeOfTheRunIsSaidAndTheStepIsRecorded() {
		Lease paused = startAndClaim();
		this.runs.pause(paused.messageId());
		assertThat(record(paused, "step")).isEqualTo(RunDirective.PAUSE);
		assertThat(record(paused, "step")).isEqualTo(RunDirective.PAUSE);
		Lease cancelled = startAndClaim();
		this.runs.cancel(cancelled.messageId());
		assertThat(record(cancelled, "step")).isEqualTo(RunDirective.CANCEL);
		assertThat(step(paused, "step").status()).isEqualTo(RunRecord.SUCCESS);
		assertThat(step(cancelled, "step").status()).isEqualTo(RunRecord.SUCCESS);
	}

	@Test
	void aHolderWhoseLeaseWasTakenOverRecordsNothing() {
		Lease stale = startAndClaim();
		long id = stale.messageId();
		this.steps.record(stale, again("again", 1, HOUR));
		this.database.elapse(LEASE);
		Lease lease = claimRun(id);
		this.runs.signal(id, "signal", "1");
		assertRecordsNothing(stale);
		assertThat(history(lease).steps()).extracting(StepRecord::name).containsExactly("again");
		assertThat(step(lease, "again").attempts()).isEqualTo(1);
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR).state()).isEqualTo(State.RECEIVED);
		assertThat(finish(lease)).isTrue();
	}

	@Test
	void whoGaveARunBackRecordsNothing() {
		Lease suspended = startAndClaim();
		this.steps.suspend(suspended);
		assertRecordsNothing(suspended);
		Lease released = startAndClaim();
		release(released, HOUR);
		assertRecordsNothing(released);
		Lease ended = startAndClaim();
		finish(ended);
		assertRecordsNothing(ended);
		assertRecordsNothing(new Lease(start(), 0));
		assertRecordsNothing(new Lease(Long.MAX_VALUE, 1));
	}

	@Test
	void whoHoldsAMessageThatIsNoRunRecordsNothing() {
		long id = enqueue();
		Lease lease = claimOne().lease();
		assertRecordsNothing(lease);
		assertThat(message(id).get("worker_id")).isNotNull();
		assertThat(complete(lease)).isTrue();
	}

	private void assertRecordsNothing(Lease lease) {
		List<StepRecord> before = this.runs.steps(lease.messageId());
		assertThat(record(lease, "again")).isEqualTo(RunDirective.LOST);
		assertThat(this.steps.record(lease, sleep("sleep", HOUR))).isEqualTo(RunDirective.LOST);
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR).directive()).isEqualTo(RunDirective.LOST);
		assertThat(this.steps.receive(lease, "wait", "signal", Duration.ZERO).directive()).isEqualTo(RunDirective.LOST);
		assertThat(this.steps.suspend(lease)).isNull();
		assertThat(finish(lease)).isFalse();
		assertThat(this.runs.steps(lease.messageId())).hasSameSizeAs(before);
	}

	@Test
	void anExpiredLeaseThatNobodyTookOverStillCounts() {
		Lease lease = startAndClaim();
		this.database.elapse(HOUR);
		assertThat(record(lease, "step")).isEqualTo(RunDirective.CONTINUE);
		assertThat(history(lease).steps()).hasSize(1);
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR).directive()).isEqualTo(RunDirective.CONTINUE);
		assertThat(finish(lease)).isTrue();
		Lease another = startAndClaim();
		this.database.elapse(HOUR);
		assertThat(this.steps.suspend(another)).isEqualTo(Duration.ZERO);
	}

	@Test
	void aStepIsRecordedInTheTransactionOfItsCaller() {
		Lease lease = startAndClaim();
		this.database.transaction().executeWithoutResult((status) -> {
			enqueue();
			assertThat(record(lease, "rolled back")).isEqualTo(RunDirective.CONTINUE);
			status.setRollbackOnly();
		});
		assertThat(history(lease).steps()).isEmpty();
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
		this.database.transaction().executeWithoutResult((status) -> {
			enqueue();
			record(lease, "committed");
		});
		assertThat(history(lease).steps()).extracting(StepRecord::name).containsExactly("committed");
		assertThat(rows("pgqrs_messages")).isEqualTo(2);
	}

	@Test
	void aRunWaitsForASignalThatWasNotSentYet() {
		Lease lease = startAndClaim();
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR))
			.isEqualTo(new SignalReceipt(State.WAITING, null, RunDirective.CONTINUE));
		assertThat(step(lease, "wait").timeLeft()).isCloseTo(HOUR, SECONDS);
		assertThat(step(lease, "wait").completedAt()).isNull();
	}

	@Test
	void aSignalThatWasSentBeforeIsReceived() {
		long id = start();
		assertThat(this.runs.signal(id, "signal", "\"payload\"")).isTrue();
		Lease lease = claimRun(id);
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR))
			.isEqualTo(new SignalReceipt(State.RECEIVED, "\"payload\"", RunDirective.CONTINUE));
		assertThat(step(lease, "wait")).satisfies((step) -> {
			assertThat(step.kind()).isEqualTo(StepKind.SIGNAL);
			assertThat(step.status()).isEqualTo(RunRecord.SUCCESS);
			assertThat(step.output()).isEqualTo("\"payload\"");
			assertThat(step.error()).isNull();
			assertThat(step.timeLeft()).isNull();
			assertThat(step.completedAt()).isCloseTo(Instant.now(), within(SECONDS));
		});
	}

	@Test
	void aSignalMayHaveNoPayload() {
		Lease lease = startAndClaim();
		this.runs.signal(lease.messageId(), "signal", null);
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR))
			.isEqualTo(new SignalReceipt(State.RECEIVED, null, RunDirective.CONTINUE));
		assertThat(step(lease, "wait").output()).isNull();
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR))
			.isEqualTo(new SignalReceipt(State.RECEIVED, null, RunDirective.CONTINUE));
	}

	@Test
	void aSignalThatIsSentLaterIsReceived() {
		Lease first = startAndClaim();
		this.steps.receive(first, "wait", "signal", HOUR);
		this.steps.suspend(first);
		this.runs.signal(first.messageId(), "signal", "1");
		Lease second = claimRun(first.messageId());
		assertThat(this.steps.receive(second, "wait", "signal", HOUR))
			.isEqualTo(new SignalReceipt(State.RECEIVED, "1", RunDirective.CONTINUE));
		assertThat(step(second, "wait").timeLeft()).isNull();
	}

	@Test
	void theOldestSignalOfANameIsReceivedFirstAndOnce() {
		Lease lease = startAndClaim();
		long id = lease.messageId();
		this.runs.signal(startAndClaim().messageId(), "signal", "0");
		this.runs.signal(id, "another", "1");
		this.runs.signal(id, "signal", "2");
		this.runs.signal(id, "signal", "3");
		assertThat(this.steps.receive(lease, "a", "signal", HOUR).payload()).isEqualTo("2");
		assertThat(this.steps.receive(lease, "b", "signal", HOUR).payload()).isEqualTo("3");
		assertThat(this.steps.receive(lease, "c", "signal", HOUR).state()).isEqualTo(State.WAITING);
		assertThat(this.steps.receive(lease, "d", "another", HOUR).payload()).isEqualTo("1");
	}

	@Test
	void aSignalThatWasReceivedIsReceivedAgainByTheSameStepOnly() {
		Lease lease = startAndClaim();
		this.runs.signal(lease.messageId(), "signal", "1");
		this.runs.signal(lease.messageId(), "signal", "2");
		SignalReceipt receipt = this.steps.receive(lease, "wait", "signal", HOUR);
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR)).isEqualTo(receipt);
		assertThat(this.steps.receive(lease, "wait", "signal", Duration.ZERO)).isEqualTo(receipt);
		assertThat(this.steps.receive(lease, "another", "signal", HOUR).payload()).isEqualTo("2");
	}

	@Test
	void theTimeOfAWaitCountsFromItsFirstCall() {
		Lease first = startAndClaim();
		this.steps.receive(first, "wait", "signal", HOUR);
		this.steps.suspend(first);
		this.database.elapse(HOUR.minus(MINUTE));
		this.runs.pause(first.messageId());
		this.runs.resume(first.messageId());
		Lease second = claimRun(first.messageId());
		assertThat(this.steps.receive(second, "wait", "signal", HOUR).state()).isEqualTo(State.WAITING);
		assertThat(step(second, "wait").timeLeft()).isCloseTo(MINUTE, SECONDS);
		assertThat(step(second, "wait").startedAt()).isCloseTo(Instant.now().minus(HOUR), within(MINUTE.plus(SECONDS)));
		this.database.elapse(MINUTE);
		assertThat(this.steps.receive(second, "wait", "signal", HOUR))
			.isEqualTo(new SignalReceipt(State.TIMED_OUT, null, RunDirective.CONTINUE));
	}

	@Test
	void aWaitThatTimedOutIsComplete() {
		Lease lease = startAndClaim();
		this.steps.receive(lease, "wait", "signal", HOUR);
		this.database.elapse(HOUR);
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR).state()).isEqualTo(State.TIMED_OUT);
		assertThat(step(lease, "wait")).satisfies((step) -> {
			assertThat(step.kind()).isEqualTo(StepKind.SIGNAL);
			assertThat(step.status()).isEqualTo(RunRecord.SUCCESS);
			assertThat(step.output()).isNull();
			assertThat(step.timeLeft()).isNull();
			assertThat(step.completedAt()).isNotNull();
		});
		this.runs.signal(lease.messageId(), "signal", "1");
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR).state()).isEqualTo(State.TIMED_OUT);
		assertThat(this.steps.receive(lease, "another", "signal", HOUR).payload()).isEqualTo("1");
	}

	@Test
	void aSignalThatCameBeforeTheRunLooksIsReceivedAlthoughTheTimeIsUp() {
		Lease lease = startAndClaim();
		this.steps.receive(lease, "wait", "signal", HOUR);
		this.database.elapse(HOUR);
		this.runs.signal(lease.messageId(), "signal", "1");
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR).payload()).isEqualTo("1");
	}

	@Test
	void whoDoesNotWaitAtAllTakesWhatIsThere() {
		Lease lease = startAndClaim();
		this.runs.signal(lease.messageId(), "signal", "1");
		assertThat(this.steps.receive(lease, "a", "signal", Duration.ZERO).payload()).isEqualTo("1");
		assertThat(this.steps.receive(lease, "b", "signal", Duration.ZERO))
			.isEqualTo(new SignalReceipt(State.TIMED_OUT, null, RunDirective.CONTINUE));
		assertThat(step(lease, "b").status()).isEqualTo(RunRecord.SUCCESS);
	}

	@Test
	void whoReceivesIsToldWhatIsToBecomeOfTheRun() {
		Lease paused = startAndClaim();
		this.runs.pause(paused.messageId());
		assertThat(this.steps.receive(paused, "wait", "signal", HOUR))
			.isEqualTo(new SignalReceipt(State.WAITING, null, RunDirective.PAUSE));
		Lease cancelled = startAndClaim();
		this.runs.signal(cancelled.messageId(), "signal", "1");
		this.runs.cancel(cancelled.messageId());
		assertThat(this.steps.receive(cancelled, "wait", "signal", HOUR))
			.isEqualTo(new SignalReceipt(State.RECEIVED, "1", RunDirective.CANCEL));
	}

	@Test
	void aRunThatWaitsForNothingIsDueNow() {
		Lease lease = startAndClaim();
		record(lease, "step");
		assertThat(this.steps.suspend(lease)).isEqualTo(Duration.ZERO);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.QUEUED);
		assertThat(claimOne().lease()).isEqualTo(new Lease(lease.messageId(), 2));
	}

	@Test
	void givingARunBackCostsNoAttempt() {
		long id = start();
		for (int i = 1; i <= MAX_ATTEMPTS + 2; i++) {
			ClaimedMessage claimed = claimOne();
			assertThat(claimed.attempt()).isEqualTo(1);
			assertThat(claimed.lease()).isEqualTo(new Lease(id, i));
			this.steps.suspend(claimed.lease());
			assertThat(run(id).attempt()).isZero();
		}
	}

	@Test
	void aRunIsDueWhenItsSleepIsOver() {
		Lease lease = startAndClaim();
		this.steps.record(lease, sleep("sleep", HOUR));
		assertThat(this.steps.suspend(lease)).isCloseTo(HOUR, SECONDS);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.PAUSED);
		this.database.elapse(HOUR.minus(SECONDS));
		assertThat(isDue(lease.messageId())).isFalse();
		this.database.elapse(SECONDS);
		assertThat(isDue(lease.messageId())).isTrue();
	}

	@Test
	void aRunIsDueWhenItsStepIsToBeTriedAgain() {
		Lease lease = startAndClaim();
		this.steps.record(lease, again("step", 1, MINUTE));
		assertThat(this.steps.suspend(lease)).isCloseTo(MINUTE, SECONDS);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.QUEUED);
		assertThat(isDue(lease.messageId())).isFalse();
		this.database.elapse(MINUTE);
		assertThat(isDue(lease.messageId())).isTrue();
	}

	@Test
	void aRunIsDueWhenTheFirstOfItsStepsMayGoOn() {
		Lease lease = startAndClaim();
		this.steps.record(lease, sleep("sleep", HOUR));
		this.steps.record(lease, again("step", 1, MINUTE));
		this.steps.receive(lease, "wait", "signal", HOUR);
		assertThat(this.steps.suspend(lease)).isCloseTo(MINUTE, SECONDS);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.QUEUED);
	}

	@Test
	void aSleepThatIsOverCountsNoLonger() {
		Lease lease = startAndClaim();
		this.steps.record(lease, sleep("first", MINUTE));
		this.database.elapse(MINUTE);
		this.steps.record(lease, sleep("second", HOUR));
		assertThat(this.steps.suspend(lease)).isCloseTo(HOUR, SECONDS);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.PAUSED);
	}

	@Test
	void whatIsCompleteIsNotWaitedFor() {
		Lease lease = startAndClaim();
		this.steps.record(lease, again("step", 1, HOUR));
		this.steps.record(lease, done("step", "1"));
		this.steps.receive(lease, "wait", "signal", HOUR);
		this.runs.signal(lease.messageId(), "signal", "1");
		this.steps.receive(lease, "wait", "signal", HOUR);
		this.runs.signal(lease.messageId(), "signal", "2");
		this.steps.record(lease, sleep("sleep", MINUTE));
		assertThat(this.steps.suspend(lease)).isCloseTo(MINUTE, SECONDS);
	}

	@Test
	void aRunIsDueAtItsTimeoutAtTheLatest() {
		Lease lease = claimRun(start(newRun(null, MINUTE)));
		this.steps.record(lease, sleep("sleep", HOUR));
		assertThat(this.steps.suspend(lease)).isCloseTo(MINUTE, SECONDS);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.PAUSED);
		this.database.elapse(MINUTE);
		Lease late = claimRun(lease.messageId());
		this.database.elapse(HOUR);
		this.steps.record(late, sleep("another", HOUR));
		assertThat(this.steps.suspend(late)).isEqualTo(Duration.ZERO);
	}

	@Test
	void aRunIsDueWhenItWaitsForASignalNoLonger() {
		Lease lease = startAndClaim();
		this.steps.receive(lease, "wait", "signal", MINUTE);
		assertThat(this.steps.suspend(lease)).isCloseTo(MINUTE, SECONDS);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.PAUSED);
		assertThat(isDue(lease.messageId())).isFalse();
		this.database.elapse(MINUTE);
		assertThat(isDue(lease.messageId())).isTrue();
	}

	@Test
	void aRunIsDueNowIfTheSignalItWaitsForIsThere() {
		Lease lease = startAndClaim();
		this.steps.receive(lease, "wait", "signal", HOUR);
		this.runs.signal(lease.messageId(), "another", "1");
		this.runs.signal(lease.messageId(), "signal", "1");
		assertThat(this.steps.suspend(lease)).isEqualTo(Duration.ZERO);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.QUEUED);
		assertThat(isDue(lease.messageId())).isTrue();
	}

	@Test
	void aRunDoesNotWaitForSignalsOfAnotherName() {
		Lease lease = startAndClaim();
		this.runs.signal(lease.messageId(), "another", "1");
		this.steps.receive(lease, "wait", "signal", HOUR);
		assertThat(this.steps.suspend(lease)).isCloseTo(HOUR, SECONDS);
	}

	@Test
	void aRunThatIsHeldIsDueNever() {
		Lease lease = startAndClaim();
		this.steps.record(lease, again("step", 1, MINUTE));
		this.runs.pause(lease.messageId());
		assertThat(this.steps.suspend(lease)).isEqualTo(WorkflowStepStore.NEVER);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.PAUSED);
		this.database.elapse(Duration.ofDays(10_000));
		assertThat(isDue(lease.messageId())).isFalse();
		this.runs.resume(lease.messageId());
		assertThat(isDue(lease.messageId())).isTrue();
	}

	@Test
	void aRunThatIsToBeCancelledIsDueNow() {
		Lease lease = startAndClaim();
		this.steps.record(lease, sleep("sleep", HOUR));
		this.runs.cancel(lease.messageId());
		assertThat(this.steps.suspend(lease)).isEqualTo(Duration.ZERO);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.CANCELLING);
		Lease next = claimRun(lease.messageId());
		assertThat(history(next).directive()).isEqualTo(RunDirective.CANCEL);
	}

	@Test
	void aRunEndsWithItsResult() {
		Lease lease = startAndClaim();
		assertThat(end(lease, RunRecord.SUCCESS, "\"out\"", null)).isTrue();
		assertThat(run(lease.messageId())).satisfies((run) -> {
			assertThat(run.status()).isEqualTo(RunRecord.SUCCESS);
			assertThat(run.output()).isEqualTo("\"out\"");
			assertThat(run.error()).isNull();
			assertThat(run.attempt()).isEqualTo(1);
			assertThat(run.completedAt()).isCloseTo(Instant.now(), within(SECONDS));
		});
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(rows("pgqrs_archive")).isZero();
	}

	@Test
	void aRunMayHaveNoResult() {
		Lease lease = startAndClaim();
		end(lease, RunRecord.SUCCESS, null, null);
		assertThat(run(lease.messageId()).output()).isNull();
	}

	@Test
	void aRunEndsWithAnError() {
		Lease lease = startAndClaim();
		assertThat(end(lease, RunRecord.ERROR, null, ERROR)).isTrue();
		assertThat(run(lease.messageId())).satisfies((run) -> {
			assertThat(run.status()).isEqualTo(RunRecord.ERROR);
			assertThat(run.output()).isNull();
			assertThat(run.error()).isEqualToIgnoringWhitespace(ERROR);
		});
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(rows("pgqrs_dead_letters")).isZero();
	}

	@Test
	void aRunThatIsToBeCancelledEndsSoWhateverItsHolderSays() {
		Lease succeeded = startAndClaim();
		this.runs.cancel(succeeded.messageId());
		Lease failed = startAndClaim();
		this.runs.cancel(failed.messageId());
		assertThat(this.steps.finish(List.of(new RunEnd(succeeded, RunRecord.SUCCESS, "1", null),
				new RunEnd(failed, RunRecord.ERROR, null, ERROR))))
			.containsExactlyInAnyOrder(succeeded.messageId(), failed.messageId());
		for (Lease lease : List.of(succeeded, failed)) {
			assertThat(run(lease.messageId())).satisfies((run) -> {
				assertThat(run.status()).isEqualTo(RunRecord.CANCELLED);
				assertThat(run.output()).isNull();
				assertThat(run.error()).isNull();
				assertThat(run.completedAt()).isNotNull();
			});
		}
	}

	@Test
	void aHolderMayCancelByItself() {
		Lease lease = startAndClaim();
		assertThat(end(lease, RunRecord.CANCELLED, null, null)).isTrue();
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.CANCELLED);
	}

	@Test
	void aRunThatEndsBeforeItsPauseIsOver() {
		Lease lease = startAndClaim();
		this.runs.pause(lease.messageId());
		assertThat(finish(lease)).isTrue();
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.SUCCESS);
		assertThat(this.runs.resume(lease.messageId())).isFalse();
	}

	@Test
	void manyRunsEndAtOnceAndThoseThatLostTheirLeaseDoNot() {
		List<RunEnd> ends = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			ends.add(0, new RunEnd(startAndClaim(), (i % 2 == 0) ? RunRecord.SUCCESS : RunRecord.ERROR,
					(i % 2 == 0) ? Integer.toString(i) : null, (i % 2 == 0) ? null : ERROR));
		}
		Lease lost = startAndClaim();
		release(lost, HOUR);
		ends.add(3, new RunEnd(lost, RunRecord.SUCCESS, "1", null));
		enqueue();
		Lease message = claimOne().lease();
		ends.add(5, new RunEnd(message, RunRecord.SUCCESS, "1", null));
		Set<Long> ended = this.steps.finish(ends);
		assertThat(ended).hasSize(20).doesNotContain(lost.messageId(), message.messageId());
		for (RunEnd end : ends) {
			if (ended.contains(end.lease().messageId())) {
				assertThat(run(end.lease().messageId()).status()).isEqualTo(end.status());
				assertThat(run(end.lease().messageId()).output()).isEqualTo(end.output());
			}
		}
		assertThat(status(lost.messageId())).isEqualTo(RunRecord.QUEUED);
		assertThat(complete(message)).isTrue();
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
		assertThat(this.steps.finish(List.of())).isEmpty();
	}

	@Test
	void ofTwoHoldersWhoEndARunInOneBatchTheOneOfTheLeaseCounts() {
		Lease former = startAndClaim();
		this.database.elapse(LEASE);
		Lease holder = claimRun(former.messageId());
		RunEnd formerEnd = new RunEnd(former, RunRecord.ERROR, null, ERROR);
		RunEnd holderEnd = new RunEnd(holder, RunRecord.SUCCESS, "2", null);
		assertThat(this.steps.finish(List.of(formerEnd, holderEnd))).containsExactly(former.messageId());
		assertThat(run(former.messageId()).output()).isEqualTo("2");
		assertThat(run(former.messageId()).error()).isNull();
	}

}
