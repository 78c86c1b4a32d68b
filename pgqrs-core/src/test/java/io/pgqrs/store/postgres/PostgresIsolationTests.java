package io.pgqrs.store.postgres;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.pgqrs.store.Claims;
import io.pgqrs.store.Enqueue;
import io.pgqrs.store.Lease;
import io.pgqrs.store.QueueStore.Deletion;
import io.pgqrs.store.StoreContract;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Transactions that overlap, as they do where there is more than one writer. */
class PostgresIsolationTests extends StoreContract {

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
	void aCallerWithRepeatableReadEnqueuesClaimsAndCompletes() {
		enqueue(2);
		repeatableRead().executeWithoutResult((status) -> {
			enqueueOnce("key");
			enqueueOnce("key");
			Claims claims = claim(3);
			assertThat(claims.messages()).hasSize(3);
			assertThat(this.store.messages().complete(leases(claims), true)).hasSize(3);
		});
		assertThat(rows("pgqrs_archive")).isEqualTo(3);
	}

	@Test
	void aCallerWithRepeatableReadDoesNotCompleteWhatWasTakenOverSinceItBegan() {
		enqueue();
		Lease lease = claimOne().lease();
		this.database.elapse(LEASE);
		assertThatExceptionOfType(ConcurrencyFailureException.class)
			.isThrownBy(() -> repeatableRead().executeWithoutResult((status) -> {
				assertThat(rows("pgqrs_messages")).isEqualTo(1);
				elsewhere(this::claimOne);
				complete(lease);
			}));
		assertThat(counts().inFlight()).isEqualTo(1);
	}

	@Test
	void aCallerWithRepeatableReadNeverMakesTwoMessagesOfOneKey() {
		assertThatExceptionOfType(ConcurrencyFailureException.class)
			.isThrownBy(() -> repeatableRead().executeWithoutResult((status) -> {
				assertThat(rows("pgqrs_messages")).isZero();
				elsewhere(() -> enqueueOnce("key"));
				enqueueOnce("key");
			}));
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
	}

	@Test
	void aQueueIsNotDeletedByWhoDoesNotSeeItsMessages() {
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class)
			.isThrownBy(() -> repeatableRead().executeWithoutResult((status) -> {
				assertThat(rows("pgqrs_messages")).isZero();
				elsewhere(() -> enqueue());
				this.store.queues().delete(this.queue);
			}))
			.withMessageContaining(this.queue)
			.withMessageContaining("READ COMMITTED");
		assertThat(claimIds(1)).hasSize(1);
	}

	@Test
	void aDeletionWaitsForEnqueuesAndSeesThem() {
		Future<Deletion> deletion = this.database.transaction().execute((status) -> {
			enqueue();
			Future<Deletion> started = later(() -> this.store.queues().delete(this.queue));
			awaitBlocked();
			return started;
		});
		assertThat(get(deletion)).isEqualTo(Deletion.NOT_EMPTY);
		assertThat(claimIds(1)).hasSize(1);
	}

	@Test
	void aDeletionWaitsForEnqueuesThatRollBack() {
		Future<Deletion> deletion = this.database.transaction().execute((status) -> {
			enqueue();
			Future<Deletion> started = later(() -> this.store.queues().delete(this.queue));
			awaitBlocked();
			status.setRollbackOnly();
			return started;
		});
		assertThat(get(deletion)).isEqualTo(Deletion.DELETED);
	}

	@Test
	void anEnqueueWaitsForADeletionAndFindsNoQueue() {
		Enqueue message = new Enqueue(this.queue, List.of("1"), null, 0, null, null, null);
		Future<List<Long>> enqueue = this.database.transaction().execute((status) -> {
			assertThat(this.store.queues().delete(this.queue)).isEqualTo(Deletion.DELETED);
			Future<List<Long>> started = later(() -> this.store.messages().enqueue(message));
			awaitBlocked();
			return started;
		});
		assertThat(get(enqueue)).isEmpty();
	}

	@Test
	void aDeletionLeavesTheLockTimeoutOfItsCallerAsItWas() {
		this.database.transaction().executeWithoutResult((status) -> {
			this.database.sql("SET LOCAL lock_timeout = '123ms'").update();
			this.store.queues().delete(this.queue);
			assertThat(this.database.sql("SHOW lock_timeout").query(String.class).single()).isEqualTo("123ms");
		});
	}

	@Test
	void aDuplicateInAnOpenTransactionHoldsNobodyUp() {
		long id = enqueueOnce("key");
		this.database.transaction().executeWithoutResult((status) -> {
			assertThat(enqueueOnce("key")).isEqualTo(id);
			Lease lease = elsewhere(this::claimOne).lease();
			assertThat(elsewhere(() -> complete(lease))).isTrue();
		});
	}

	@Test
	void anEnqueueOfAKeyWaitsForOneThatIsNotCommitted() {
		Future<Long> second = this.database.transaction().execute((status) -> {
			enqueueOnce("key");
			Future<Long> started = later(() -> enqueueOnce("key"));
			awaitBlocked();
			return started;
		});
		assertThat(get(second)).isEqualTo(claimOne().lease().messageId());
	}

	@Test
	void aPurgePassesOverWhatIsCompletedMeanwhileAndDeletesAllTheRest() {
		enqueue(1_000);
		List<Lease> leases = leases(claim(10));
		for (int i = 0; i < 6; i++) {
			enqueue(1_000);
		}
		Future<Integer> purge = this.database.transaction().execute((status) -> {
			this.store.messages().complete(leases, false);
			Future<Integer> started = later(() -> this.store.queues().purge(this.queue));
			awaitBlocked();
			return started;
		});
		assertThat(get(purge)).isEqualTo(6_990);
		assertThat(rows("pgqrs_messages")).isZero();
	}

	private TransactionTemplate repeatableRead() {
		TransactionTemplate transaction = this.database.transaction();
		transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		return transaction;
	}

	private <T> Future<T> later(Callable<T> work) {
		return this.executor.submit(work);
	}

	private <T> T elsewhere(Callable<T> work) {
		return get(later(work));
	}

	private static <T> T get(Future<T> future) {
		try {
			return future.get();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Until somebody waits for what this transaction holds. */
	private void awaitBlocked() {
		int backend = this.database.sql("SELECT pg_backend_pid()").query(Integer.class).single();
		await().until(() -> elsewhere(() -> this.database
			.sql("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE :backend = ANY (pg_blocking_pids(pid)))")
			.param("backend", backend)
			.query(Boolean.class)
			.single()));
	}

}
