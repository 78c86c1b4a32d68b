package io.pgqrs.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.Test;

import org.springframework.transaction.TransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Everything joins the transaction of its caller. */
abstract class CallerTransactionContract extends StoreContract {

	@Test
	void whatIsEnqueuedInATransactionIsNotSeenBeforeItCommits() {
		long id = this.database.transaction().execute((status) -> {
			long enqueued = enqueue();
			assertThat(elsewhere(() -> rows("pgqrs_messages"))).isZero();
			return enqueued;
		});
		assertThat(claimIds(1)).containsExactly(id);
	}

	@Test
	void whatIsEnqueuedInATransactionIsGoneWhenItRollsBack() {
		rolledBack(() -> {
			enqueue(3);
			enqueueOnce("key");
		});
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(enqueueOnce("key")).isEqualTo(enqueueOnce("key"));
	}

	@Test
	void aClaimThatRollsBackNeverWas() {
		long id = enqueue();
		Claimer claimer = claimer();
		rolledBack(() -> assertThat(ids(claimer.claim(new Claim(1, WORKER, null, null)))).containsExactly(id));
		ClaimedMessage claimed = claimer.claim(new Claim(1, WORKER, null, null)).messages().get(0);
		assertThat(claimed.lease()).isEqualTo(new Lease(id, 1));
		assertThat(claimed.attempt()).isEqualTo(1);
	}

	@Test
	void aDeathInAClaimThatRollsBackNeverWas() {
		long id = enqueue();
		for (int i = 0; i < MAX_ATTEMPTS; i++) {
			claim(1);
			this.database.elapse(LEASE);
		}
		rolledBack(() -> assertThat(claim(1).exhausted()).containsExactly(id));
		assertThat(deadLetters()).isEmpty();
		assertThat(claim(1).exhausted()).containsExactly(id);
	}

	@Test
	void aCompletionThatRollsBackLeavesTheLease() {
		enqueue(5);
		List<Lease> leases = leases(claim(5));
		rolledBack(() -> {
			assertThat(complete(leases.get(0))).isTrue();
			assertThat(archive(leases.get(1))).isTrue();
			assertThat(release(leases.get(2), Duration.ZERO)).isTrue();
			assertThat(deadLetter(leases.get(3))).isTrue();
			assertThat(extend(leases.get(4), Duration.ZERO)).isTrue();
		});
		assertThat(claimIds(5)).isEmpty();
		assertThat(this.store.messages().complete(leases, false)).isEqualTo(ids(leases));
	}

	@Test
	void workAndItsCompletionCommitTogether() {
		enqueue();
		Lease lease = claimOne().lease();
		this.database.transaction().executeWithoutResult((status) -> {
			enqueue(2);
			complete(lease);
		});
		assertThat(rows("pgqrs_messages")).isEqualTo(2);
	}

	@Test
	void queuesAndWorkersRollBackToo() {
		long worker = this.store.workers()
			.register(new WorkerRecord.Registration("w", "h", 1, "1", List.of(), Duration.ofMinutes(1)));
		rolledBack(() -> {
			this.store.queues().create("rolled back", settings());
			this.store.queues().setPaused(this.queue, true);
			this.store.workers().stopped(worker);
			this.store.workers()
				.register(new WorkerRecord.Registration("rolled back", "h", 1, "1", List.of(), Duration.ofMinutes(1)));
		});
		assertThat(this.store.queues().find("rolled back")).isNull();
		assertThat(this.store.queues().find(this.queue).paused()).isFalse();
		assertThat(this.store.workers().findAll())
			.noneSatisfy((found) -> assertThat(found.registration().name()).isEqualTo("rolled back"));
		assertThat(this.store.workers().heartbeat(worker, List.of())).isTrue();
	}

	@Test
	void deletionsPurgesAndReplaysRollBackToo() {
		long dead = deadLetter();
		enqueue(2);
		rolledBack(() -> {
			assertThat(this.store.deadLetters().replayAll(this.queue)).isEqualTo(1);
			assertThat(this.store.queues().purge(this.queue)).isEqualTo(3);
			assertThat(this.store.queues().delete(this.queue)).isEqualTo(QueueStore.Deletion.DELETED);
		});
		assertThat(deadLetters()).containsExactly(dead);
		assertThat(rows("pgqrs_messages")).isEqualTo(2);
	}

	@Test
	void severalCallsMakeOneTransaction() {
		assertThatIllegalStateException().isThrownBy(() -> this.store.inTransaction(() -> {
			enqueue(2);
			throw new IllegalStateException("rolled back");
		}));
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(this.store.<List<Long>>inTransaction(() -> enqueue(2))).hasSize(2);
		assertThat(rows("pgqrs_messages")).isEqualTo(2);
	}

	@Test
	void severalCallsJoinTheTransactionOfTheirCaller() {
		rolledBack(() -> this.store.inTransaction(() -> enqueue(2)));
		assertThat(rows("pgqrs_messages")).isZero();
	}

	private void rolledBack(Runnable work) {
		this.database.transaction().executeWithoutResult((TransactionStatus status) -> {
			work.run();
			status.setRollbackOnly();
		});
	}

	/**
	 * What another thread sees, which has no part in the transaction. Reads only: on
	 * SQLite there is one writer.
	 */
	private <T> T elsewhere(Callable<T> work) {
		try {
			return concurrently(1, work).get(0);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
