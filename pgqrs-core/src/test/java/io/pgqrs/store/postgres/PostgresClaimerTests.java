package io.pgqrs.store.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import io.pgqrs.store.Claim;
import io.pgqrs.store.Claimer;
import io.pgqrs.store.Lease;
import io.pgqrs.store.StoreContract;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The claim cursor against a database: what a claim passes over, and when it is found.
 */
class PostgresClaimerTests extends StoreContract {

	private final AtomicLong nanos = new AtomicLong();

	private ExecutorService elsewhere;

	private Claimer claimer;

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

	@BeforeEach
	void createClaimer() {
		this.claimer = ((PostgresMessageStore) this.store.messages()).claimer(this.queue,
				new ClaimCursor(this.nanos::get));
		this.elsewhere = Executors.newSingleThreadExecutor();
	}

	@AfterEach
	void stopThread() {
		this.elsewhere.shutdownNow();
	}

	@Test
	void aMessageThatIsCommittedLateIsFoundByTheNextSweep() throws Exception {
		CountDownLatch commit = new CountDownLatch(1);
		CountDownLatch enqueued = new CountDownLatch(1);
		Future<Long> late = this.elsewhere.submit(() -> this.database.transaction().execute((status) -> {
			long id = enqueue();
			enqueued.countDown();
			awaitLatch(commit);
			return id;
		}));
		enqueued.await();
		enqueue(1_000);
		claimNext(10);
		claimNext(10);
		commit.countDown();
		long id = late.get();
		assertThat(claimNext(10)).hasSize(10).doesNotContain(id);
		this.nanos.addAndGet(Duration.ofSeconds(5).toNanos());
		assertThat(claimNext(10)).hasSize(10).startsWith(id);
	}

	@Test
	void aMessageWhoseClaimWasRolledBackIsFoundByTheNextSweep() throws Exception {
		List<Long> ids = enqueue(1_000);
		CountDownLatch rollback = new CountDownLatch(1);
		CountDownLatch claimed = new CountDownLatch(1);
		Future<List<Long>> held = this.elsewhere.submit(() -> this.database.transaction().execute((status) -> {
			List<Long> taken = claimIds(5);
			claimed.countDown();
			awaitLatch(rollback);
			status.setRollbackOnly();
			return taken;
		}));
		claimed.await();
		assertThat(claimNext(10)).isEqualTo(ids.subList(5, 15));
		rollback.countDown();
		assertThat(held.get()).isEqualTo(ids.subList(0, 5));
		assertThat(claimNext(10)).isEqualTo(ids.subList(15, 25));
		this.nanos.addAndGet(Duration.ofSeconds(5).toNanos());
		assertThat(claimNext(10)).startsWith(ids.subList(0, 5).toArray(Long[]::new));
	}

	@Test
	void aLevelThatIsNewIsFoundByTheNextSweep() {
		enqueue(1_000);
		claimNext(10);
		long urgent = enqueue(9, Duration.ZERO);
		assertThat(claimNext(10)).hasSize(10).doesNotContain(urgent);
		this.nanos.addAndGet(Duration.ofSeconds(5).toNanos());
		assertThat(claimNext(10)).startsWith(urgent);
		long next = enqueue(9, Duration.ZERO);
		assertThat(claimNext(10)).startsWith(next);
	}

	@Test
	void whatIsReleasedOrEnqueuedBehindTheCursorIsFoundAtOnce() {
		enqueue(20);
		List<Long> claimed = claimNext(10);
		release(new Lease(claimed.get(0), 1), Duration.ZERO);
		long id = enqueue();
		assertThat(claimNext(20)).hasSize(12).contains(claimed.get(0), id);
	}

	@Test
	void aClaimThatComesBackShortSweepsAtOnce() {
		enqueue(20);
		claimNext(10);
		List<Long> higher = enqueue(5, 9, Duration.ZERO);
		assertThat(claimNext(20)).hasSize(15).startsWith(higher.toArray(Long[]::new)).doesNotHaveDuplicates();
	}

	@Test
	void aClaimInATransactionThatRollsBackDoesNotMoveTheCursor() {
		List<Long> ids = enqueue(30);
		claimNext(5);
		this.database.transaction().executeWithoutResult((status) -> {
			assertThat(claimNext(5)).isEqualTo(ids.subList(5, 10));
			status.setRollbackOnly();
		});
		assertThat(claimNext(5)).isEqualTo(ids.subList(5, 10));
	}

	@Test
	void aLateCommitIsFoundWithinAboutASecondWhileTheQueueIsBusy() throws Exception {
		Claimer busy = claimer();
		CountDownLatch commit = new CountDownLatch(1);
		CountDownLatch enqueued = new CountDownLatch(1);
		Future<Long> late = this.elsewhere.submit(() -> this.database.transaction().execute((status) -> {
			long id = enqueue();
			enqueued.countDown();
			awaitLatch(commit);
			return id;
		}));
		enqueued.await();
		for (int i = 0; i < 20; i++) {
			enqueue(1_000);
		}
		Set<Long> claimed = new HashSet<>(ids(busy.claim(new Claim(1, WORKER, null, null))));
		commit.countDown();
		long id = late.get();
		await().atMost(Duration.ofSeconds(3)).pollInterval(Duration.ofMillis(2)).until(() -> {
			claimed.addAll(ids(busy.claim(new Claim(1, WORKER, null, null))));
			return claimed.contains(id);
		});
		assertThat(claimed).hasSizeGreaterThan(10);
	}

	private List<Long> claimNext(int limit) {
		return new ArrayList<>(ids(this.claimer.claim(new Claim(limit, WORKER, null, null))));
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
