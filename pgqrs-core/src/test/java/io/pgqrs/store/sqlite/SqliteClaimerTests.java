package io.pgqrs.store.sqlite;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.pgqrs.store.Claim;
import io.pgqrs.store.Claimer;
import io.pgqrs.store.Claims;
import io.pgqrs.store.StoreContract;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Consumers of SQLite queue up for the write lock only if there is something to claim.
 */
class SqliteClaimerTests extends StoreContract {

	private static final Claim CLAIM = new Claim(5, WORKER, null, null);

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch end = new CountDownLatch(1);

	private ExecutorService elsewhere;

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

	@BeforeEach
	void startThread() {
		this.elsewhere = Executors.newFixedThreadPool(2);
	}

	@AfterEach
	void stopThread() {
		this.elsewhere.shutdownNow();
	}

	@Test
	void anIdleConsumerDoesNotWaitForTheWriteLock() throws Exception {
		enqueue(1, 0, Duration.ofHours(1));
		Claimer claimer = claimer();
		assertThat(claimer.claim(CLAIM)).isEqualTo(Claims.NONE);
		Future<List<Long>> writer = this.elsewhere.submit(() -> this.database.transaction().execute((status) -> {
			List<Long> ids = enqueue(2);
			this.begun.countDown();
			await(this.end);
			return ids;
		}));
		this.begun.await();
		assertThat(this.elsewhere.submit(() -> claimer.claim(CLAIM)).get(10, TimeUnit.SECONDS)).isEqualTo(Claims.NONE);
		this.end.countDown();
		List<Long> ids = writer.get();
		assertThat(ids(claimer.claim(CLAIM))).isEqualTo(ids);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
