package io.pgqrs.store.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

import io.pgqrs.store.ClaimedMessage;
import io.pgqrs.store.Lease;
import io.pgqrs.store.RunDirective;
import io.pgqrs.store.RunEnd;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.SignalReceipt;
import io.pgqrs.store.SignalReceipt.State;
import io.pgqrs.store.StartedRun;
import io.pgqrs.store.WorkflowStepStore;
import io.pgqrs.store.WorkflowStoreContract;
import io.pgqrs.test.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What is done to a run by several at the same time. */
class PostgresWorkflowIsolationTests extends WorkflowStoreContract {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final Duration SECONDS = Duration.ofSeconds(5);

	private final ExecutorService executor = Executors.newCachedThreadPool();

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

	@AfterAll
	void stopThreads() {
		this.executor.shutdownNow();
	}

	@Test
	void aClaimPassesOverARunWhileAStepOfItIsBeingRecorded() {
		Lease lease = startAndClaim();
		this.database.elapse(LEASE);
		this.database.transaction().executeWithoutResult((status) -> {
			assertThat(record(lease, "step")).isEqualTo(RunDirective.CONTINUE);
			assertThat(elsewhere(() -> claimIds(1))).isEmpty();
			assertThat(elsewhere(() -> this.steps.claim(lease.messageId(), WORKER, LEASE) == null)).isTrue();
		});
		assertThat(history(claimRun(lease.messageId())).steps()).hasSize(1);
	}

	@Test
	void anExtensionDoesNotWaitForATransactionThatHasPausedOneOfTheRuns() {
		Lease paused = startAndClaim();
		Lease other = startAndClaim();
		this.database.transaction().executeWithoutResult((status) -> {
			assertThat(this.runs.pause(paused.messageId())).isTrue();
			assertThat(elsewhere(() -> this.store.messages().tryExtend(List.of(paused, other), HOUR)))
				.containsExactly(other.messageId());
			assertThat(elsewhere(() -> this.store.messages().held(List.of(paused, other))))
				.containsExactlyInAnyOrder(paused.messageId(), other.messageId());
		});
	}

	/** What a holder may do last. */
	enum LastWord {

		RECORD {
			@Override
			boolean isHeard(WorkflowStepStore steps, Lease lease) {
				return steps.record(lease, done("step", "1")) != RunDirective.LOST;
			}
		},

		RECEIVE {
			@Override
			boolean isHeard(WorkflowStepStore steps, Lease lease) {
				return steps.receive(lease, "wait", "signal", HOUR).directive() != RunDirective.LOST;
			}
		},

		SUSPEND {
			@Override
			boolean isHeard(WorkflowStepStore steps, Lease lease) {
				return steps.suspend(lease) != null;
			}
		},

		FINISH {
			@Override
			boolean isHeard(WorkflowStepStore steps, Lease lease) {
				return !steps.finish(List.of(new RunEnd(lease, RunRecord.SUCCESS, "1", null))).isEmpty();
			}
		};

		abstract boolean isHeard(WorkflowStepStore steps, Lease lease);

	}

	@ParameterizedTest
	@EnumSource
	void whoseRunIsBeingClaimedWaitsForThatAndThenDoesNothing(LastWord word) {
		Lease stale = startAndClaim();
		this.runs.signal(stale.messageId(), "signal", "1");
		this.database.elapse(LEASE);
		List<Lease> lease = new ArrayList<>();
		Future<Boolean> heard = whileOpen(() -> lease.add(claimRun(stale.messageId())),
				() -> word.isHeard(this.steps, stale));
		assertThat(get(heard)).isFalse();
		assertThat(status(stale.messageId())).isEqualTo(RunRecord.RUNNING);
		assertThat(history(lease.get(0)).steps()).isEmpty();
		assertThat(this.steps.receive(lease.get(0), "wait", "signal", HOUR).payload()).isEqualTo("1");
	}

	@Test
	void aKeyThatIsBeingStartedIsWaitedFor() {
		List<StartedRun> first = new ArrayList<>();
		Future<StartedRun> second = whileOpen(() -> first.add(this.runs.start(newRun("key"))),
				() -> this.runs.start(newRun("key")));
		assertThat(first.get(0).created()).isTrue();
		assertThat(get(second)).isEqualTo(new StartedRun(first.get(0).id(), false, null));
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
	}

	@Test
	void aKeyWhoseStartRollsBackIsStartedByTheNext() {
		Future<StartedRun> second = whileOpenAndRolledBack(() -> this.runs.start(newRun("key")),
				() -> this.runs.start(newRun("key")));
		assertThat(get(second).created()).isTrue();
		assertThat(claimOne().lease()).isEqualTo(new Lease(get(second).id(), 1));
	}

	@Test
	void whoFindsAnEarlierRunHoldsNobodyUp() {
		long id = start(newRun("key"));
		this.database.transaction().executeWithoutResult((status) -> {
			assertThat(this.runs.start(newRun("key"))).isEqualTo(new StartedRun(id, false, null));
			assertThat(elsewhere(() -> {
				Lease lease = claimRun(id);
				record(lease, "step");
				return finish(lease);
			})).isTrue();
		});
	}

	@Test
	void aRunThatLooksForASignalWaitsForOneThatIsBeingSent() {
		Lease lease = startAndClaim();
		Future<SignalReceipt> receipt = whileOpen(() -> this.runs.signal(lease.messageId(), "signal", "1"),
				() -> this.steps.receive(lease, "wait", "signal", HOUR));
		assertThat(get(receipt)).isEqualTo(new SignalReceipt(State.RECEIVED, "1", RunDirective.CONTINUE));
	}

	@Test
	void aRunThatIsGivenBackWaitsForASignalThatIsBeingSent() {
		Lease lease = startAndClaim();
		this.steps.receive(lease, "wait", "signal", HOUR);
		Future<Duration> delay = whileOpen(() -> this.runs.signal(lease.messageId(), "signal", "1"),
				() -> this.steps.suspend(lease));
		assertThat(get(delay)).isEqualTo(Duration.ZERO);
		assertThat(isDue(lease.messageId())).isTrue();
	}

	@Test
	void aRunThatIsGivenBackWaitsOnIfTheSignalIsRolledBack() {
		Lease lease = startAndClaim();
		this.steps.receive(lease, "wait", "signal", HOUR);
		Future<Duration> delay = whileOpenAndRolledBack(() -> this.runs.signal(lease.messageId(), "signal", "1"),
				() -> this.steps.suspend(lease));
		assertThat(get(delay)).isCloseTo(HOUR, SECONDS);
		assertThat(isDue(lease.messageId())).isFalse();
	}

	@Test
	void whoSendsASignalWaitsForARunThatBeginsToWait() {
		Lease lease = startAndClaim();
		Future<Boolean> sent = whileOpen(() -> this.steps.receive(lease, "wait", "signal", HOUR),
				() -> this.runs.signal(lease.messageId(), "signal", "1"));
		assertThat(get(sent)).isTrue();
		assertThat(this.steps.suspend(lease)).isEqualTo(Duration.ZERO);
	}

	@Test
	void whoSendsASignalWaitsForARunThatIsGivenBack() {
		Lease lease = startAndClaim();
		this.steps.receive(lease, "wait", "signal", HOUR);
		Future<Boolean> sent = whileOpen(() -> this.steps.suspend(lease),
				() -> this.runs.signal(lease.messageId(), "signal", "1"));
		assertThat(get(sent)).isTrue();
		assertThat(isDue(lease.messageId())).isTrue();
	}

	@Test
	void noSignalIsMissed() throws Exception {
		int rounds = 200;
		int missed = 0;
		int received = 0;
		for (int i = 0; i < rounds; i++) {
			Lease lease = startAndClaim();
			CountDownLatch go = new CountDownLatch(1);
			Future<Boolean> sent = later(() -> {
				go.await();
				return this.runs.signal(lease.messageId(), "signal", "1");
			});
			go.countDown();
			State state = this.steps.receive(lease, "wait", "signal", HOUR).state();
			this.steps.suspend(lease);
			assertThat(get(sent)).isTrue();
			received += (state == State.RECEIVED) ? 1 : 0;
			missed += (state == State.WAITING && !isDue(lease.messageId())) ? 1 : 0;
		}
		assertThat(missed).as("of %d, %d of them received at once", rounds, received).isZero();
	}

	@Test
	void whoSendsASignalInALongTransactionHoldsNoLease() {
		Lease lease = startAndClaim();
		this.steps.receive(lease, "wait", "signal", HOUR);
		this.database.transaction().executeWithoutResult((status) -> {
			assertThat(this.runs.signal(lease.messageId(), "signal", "1")).isTrue();
			assertThat(elsewhere(() -> extend(lease, LEASE))).isTrue();
			assertThat(elsewhere(() -> record(lease, "step"))).isEqualTo(RunDirective.CONTINUE);
		});
	}

	@Test
	void whoSendsASignalHoldsNoLeaseThatIsTakenInThisMoment() {
		Lease first = startAndClaim();
		long id = first.messageId();
		this.steps.receive(first, "wait", "signal", HOUR);
		this.steps.suspend(first);
		CountDownLatch done = new CountDownLatch(1);
		CountDownLatch sent = new CountDownLatch(1);
		List<Lease> lease = new ArrayList<>();
		Future<Boolean> second = whileOpen(() -> {
			this.runs.signal(id, "signal", "1");
			return lease.add(claimRun(id));
		}, () -> this.database.transaction().execute((status) -> {
			boolean known = this.runs.signal(id, "signal", "2");
			sent.countDown();
			return known && await(done);
		}));
		assertThat(await(sent)).isTrue();
		assertThat(elsewhere(() -> extend(lease.get(0), LEASE))).isTrue();
		done.countDown();
		assertThat(get(second)).isTrue();
		assertThat(status(id)).isEqualTo(RunRecord.RUNNING);
		assertThat(this.steps.receive(lease.get(0), "wait", "signal", HOUR).payload()).isEqualTo("1");
		assertThat(this.steps.receive(lease.get(0), "another", "signal", HOUR).payload()).isEqualTo("2");
	}

	@Test
	void twoWhoSendSignalsDoNotWaitForEachOtherUnlessBothWakeTheRun() {
		Lease lease = startAndClaim();
		this.database.transaction().executeWithoutResult((status) -> {
			this.runs.signal(lease.messageId(), "signal", "1");
			assertThat(elsewhere(() -> this.runs.signal(lease.messageId(), "signal", "2"))).isTrue();
		});
	}

	@Test
	void noSignalIsSentByWhoDoesNotSeeWhatTheRunDoes() {
		Lease lease = startAndClaim();
		TransactionTemplate repeatableRead = this.database.transaction();
		repeatableRead.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class)
			.isThrownBy(() -> repeatableRead
				.executeWithoutResult((status) -> this.runs.signal(lease.messageId(), "signal", "1")))
			.withMessageContaining(Long.toString(lease.messageId()))
			.withMessageContaining("READ COMMITTED");
		assertThat(this.steps.receive(lease, "wait", "signal", HOUR).state()).isEqualTo(State.WAITING);
	}

	@Test
	void aRunThatIsGivenBackWhileItIsBeingPausedIsHeld() {
		Lease lease = startAndClaim();
		Future<Duration> delay = whileOpen(() -> this.runs.pause(lease.messageId()), () -> this.steps.suspend(lease));
		assertThat(get(delay)).isEqualTo(WorkflowStepStore.NEVER);
		assertThat(isDue(lease.messageId())).isFalse();
	}

	@Test
	void aRunThatIsGivenBackWhileItIsBeingCancelledIsDueNow() {
		Lease lease = startAndClaim();
		this.steps.record(lease, sleep("sleep", HOUR));
		Future<Duration> delay = whileOpen(() -> this.runs.cancel(lease.messageId()), () -> this.steps.suspend(lease));
		assertThat(get(delay)).isEqualTo(Duration.ZERO);
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.CANCELLING);
	}

	@Test
	void aRunThatEndsWhileItIsBeingCancelledIsCancelled() {
		Lease lease = startAndClaim();
		Future<Boolean> ended = whileOpen(() -> this.runs.cancel(lease.messageId()), () -> finish(lease));
		assertThat(get(ended)).isTrue();
		assertThat(status(lease.messageId())).isEqualTo(RunRecord.CANCELLED);
		assertThat(run(lease.messageId()).output()).isNull();
	}

	@Test
	void aRunThatIsPausedOrCancelledWhileItIsGivenBackIsSoAtOnce() {
		Lease paused = startAndClaim();
		assertThat(get(whileOpen(() -> this.steps.suspend(paused), () -> this.runs.pause(paused.messageId()))))
			.isTrue();
		assertThat(isDue(paused.messageId())).isFalse();
		Lease cancelled = startAndClaim();
		assertThat(get(whileOpen(() -> this.steps.suspend(cancelled), () -> this.runs.cancel(cancelled.messageId()))))
			.isEqualTo(RunRecord.CANCELLED);
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
	}

	@Test
	void aRunThatIsCancelledWhileItEndsHasEnded() {
		Lease cancelled = startAndClaim();
		assertThat(get(whileOpen(() -> finish(cancelled),
				() -> Objects.requireNonNullElse(this.runs.cancel(cancelled.messageId()), "none"))))
			.isEqualTo("none");
		Lease paused = startAndClaim();
		assertThat(get(whileOpen(() -> finish(paused), () -> this.runs.pause(paused.messageId())))).isFalse();
		assertThat(status(cancelled.messageId())).isEqualTo(RunRecord.SUCCESS);
		assertThat(status(paused.messageId())).isEqualTo(RunRecord.SUCCESS);
	}

	@Test
	void aRunIsRetriedByOneOfTwo() {
		Lease failed = startAndFail();
		Future<Boolean> second = whileOpen(() -> this.runs.retry(failed.messageId(), this.queue),
				() -> this.runs.retry(failed.messageId(), this.queue));
		assertThat(get(second)).isFalse();
		assertThat(claimOne().attempt()).isEqualTo(1);
	}

	@Test
	void nobodyWaitsCrosswise() throws Exception {
		AtomicLongArray ids = new AtomicLongArray(new long[] { start(), start(), start() });
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
		List<Integer> held = concurrently(8, () -> {
			int count = 0;
			while (System.nanoTime() < end) {
				count += doAnything(ids, ThreadLocalRandom.current().nextInt(ids.length())) ? 1 : 0;
			}
			return count;
		});
		assertThat(held.stream().mapToInt(Integer::intValue).sum()).isGreaterThan(20);
	}

	/** Steers a run, or holds it for a while. */
	private boolean doAnything(AtomicLongArray ids, int index) {
		long id = ids.get(index);
		switch (ThreadLocalRandom.current().nextInt(12)) {
			case 0 -> this.runs.pause(id);
			case 1 -> this.runs.signal(id, "signal", "1");
			case 2 -> this.runs.retry(id, this.queue);
			case 3 -> {
				if (RunRecord.CANCELLED.equals(this.runs.cancel(id))) {
					ids.set(index, start());
				}
			}
			case 4, 5, 6 -> this.runs.resume(id);
			default -> {
				ClaimedMessage claimed = this.steps.claim(id, WORKER, LEASE);
				if (claimed != null) {
					hold(ids, index, claimed.lease());
				}
				return claimed != null;
			}
		}
		return false;
	}

	private void hold(AtomicLongArray ids, int index, Lease lease) {
		record(lease, "step" + lease.deliveryCount());
		this.steps.receive(lease, "wait" + lease.deliveryCount(), "signal", Duration.ofMillis(1));
		extend(lease, LEASE);
		if (ThreadLocalRandom.current().nextBoolean()) {
			this.steps.suspend(lease);
		}
		else {
			fail(lease, ERROR);
			if (status(lease.messageId()).equals(RunRecord.CANCELLED)) {
				ids.set(index, start());
			}
		}
	}

	/** The second begins while the transaction of the first is open, and waits for it. */
	private <T> Future<T> whileOpen(Callable<?> first, Callable<T> second) {
		return overlapping(first, second, false);
	}

	private <T> Future<T> whileOpenAndRolledBack(Callable<?> first, Callable<T> second) {
		return overlapping(first, second, true);
	}

	private <T> Future<T> overlapping(Callable<?> first, Callable<T> second, boolean rollback) {
		return this.database.transaction().execute((status) -> {
			call(first);
			Future<T> started = later(second);
			awaitBlocked();
			if (rollback) {
				status.setRollbackOnly();
			}
			return started;
		});
	}

	private static <T> T call(Callable<T> work) {
		try {
			return work.call();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private <T> Future<T> later(Callable<T> work) {
		return this.executor.submit(work);
	}

	private <T> T elsewhere(Callable<T> work) {
		return get(later(work));
	}

	private static <T> T get(Future<T> future) {
		return call(() -> future.get(20, TimeUnit.SECONDS));
	}

	private static boolean await(CountDownLatch latch) {
		return call(() -> latch.await(20, TimeUnit.SECONDS));
	}

	/** Until somebody waits for what this transaction holds. */
	private void awaitBlocked() {
		int backend = this.database.sql("SELECT pg_backend_pid()").query(Integer.class).single();
		Awaitility.await()
			.until(() -> elsewhere(() -> this.database
				.sql("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE :backend = ANY (pg_blocking_pids(pid)))")
				.param("backend", backend)
				.query(Boolean.class)
				.single()));
	}

}
