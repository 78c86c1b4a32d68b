package io.pgqrs.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Who gets what, and in which order. */
abstract class ClaimContract extends StoreContract {

	@Test
	void higherPrioritiesComeFirstThenWhatWasDueFirstThenLowerIds() {
		List<Long> low = enqueue(2, -5, Duration.ZERO);
		long later = enqueue(0, Duration.ofSeconds(20));
		long sooner = enqueue(0, Duration.ofSeconds(10));
		List<Long> high = enqueue(2, Integer.MAX_VALUE, Duration.ZERO);
		List<Long> lowest = enqueue(2, Integer.MIN_VALUE, Duration.ZERO);
		this.database.elapse(Duration.ofSeconds(30));
		List<Long> order = new ArrayList<>(high);
		order.addAll(List.of(sooner, later));
		order.addAll(low);
		order.addAll(lowest);
		assertThat(claimIds(20)).isEqualTo(order);
	}

	@Test
	void aSmallClaimTakesTheFirstOfTheOrder() {
		List<Long> low = enqueue(3, 1, Duration.ZERO);
		List<Long> high = enqueue(3, 2, Duration.ZERO);
		assertThat(claimIds(2)).isEqualTo(high.subList(0, 2));
		assertThat(claimIds(2)).containsExactly(high.get(2), low.get(0));
		assertThat(claimIds(5)).isEqualTo(low.subList(1, 3));
	}

	@Test
	void oneClaimerGoesThroughTheWholeOrder() {
		Claimer claimer = claimer();
		List<Long> ids = enqueue(25);
		List<Long> claimed = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			List<Long> batch = ids(claimer.claim(new Claim(5, WORKER, null, null)));
			assertThat(batch).hasSizeLessThanOrEqualTo(5);
			claimed.addAll(batch);
		}
		assertThat(claimed).isEqualTo(ids);
	}

	@Test
	void aMessageOfAHigherLevelOvertakes() {
		Claimer claimer = claimer();
		enqueue(10);
		claimer.claim(new Claim(2, WORKER, null, null));
		long urgent = enqueue(9, Duration.ZERO);
		assertThat(claimIds(1)).containsExactly(urgent);
	}

	@Test
	void delayedMessagesOfAHigherLevelAreInNobodysWay() {
		enqueue(10, 9, Duration.ofHours(1));
		List<Long> ids = enqueue(3);
		assertThat(claimIds(5)).isEqualTo(ids);
	}

	@Test
	void aClaimNeverTakesMoreThanItsLimit() {
		enqueue(20);
		assertThat(claimIds(7)).hasSize(7);
		assertThat(counts().inFlight()).isEqualTo(7);
		assertThat(counts().ready()).isEqualTo(13);
	}

	@Test
	void aClaimTakesOnlyFromItsQueue() {
		enqueue(3);
		this.queue = newQueue();
		List<Long> ids = enqueue(2);
		assertThat(claimIds(10)).isEqualTo(ids);
	}

	@Test
	void anEmptyQueueGivesNothing() {
		Claimer claimer = claimer();
		assertThat(claimer.claim(new Claim(5, WORKER, null, null))).isEqualTo(Claims.NONE);
		assertThat(claimer.claim(new Claim(5, WORKER, null, null))).isEqualTo(Claims.NONE);
		List<Long> ids = enqueue(2);
		assertThat(ids(claimer.claim(new Claim(5, WORKER, null, null)))).isEqualTo(ids);
	}

	@Test
	void aMissingQueueGivesNothingUntilItIsThere() {
		this.queue = "later";
		Claimer claimer = claimer();
		assertThat(claimer.claim(new Claim(5, WORKER, null, null))).isEqualTo(Claims.NONE);
		this.store.queues().create("later", settings());
		List<Long> ids = enqueue(2);
		assertThat(ids(claimer.claim(new Claim(5, WORKER, null, null)))).isEqualTo(ids);
	}

	@Test
	void aPausedQueueGivesNothingUntilItIsResumed() {
		Claimer claimer = claimer();
		List<Long> ids = enqueue(2);
		this.store.queues().setPaused(this.queue, true);
		assertThat(claimer.claim(new Claim(5, WORKER, null, null))).isEqualTo(Claims.NONE);
		assertThat(claimer.claim(new Claim(5, WORKER, null, null))).isEqualTo(Claims.NONE);
		this.store.queues().setPaused(this.queue, false);
		assertThat(ids(claimer.claim(new Claim(5, WORKER, null, null)))).isEqualTo(ids);
	}

	@Test
	void aPausedQueueLetsHoldersFinish() {
		enqueue(2);
		List<Lease> leases = leases(claim(2));
		this.store.queues().setPaused(this.queue, true);
		assertThat(extend(leases.get(0), LEASE)).isTrue();
		assertThat(complete(leases.get(0))).isTrue();
		assertThat(release(leases.get(1), Duration.ZERO)).isTrue();
	}

	@Test
	void aClaimNamesItsWorker() {
		long id = enqueue();
		claim(1);
		assertThat(((Number) message(id).get("worker_id")).longValue()).isEqualTo(WORKER);
	}

	@Test
	void aCallerThatIsNoWorkerHoldsItsLeaseAllTheSame() {
		enqueue();
		Lease lease = claimer().claim(new Claim(1, Claim.NO_WORKER, null, null)).messages().get(0).lease();
		assertThat(extend(lease, LEASE)).isTrue();
		assertThat(complete(lease)).isTrue();
	}

	@Test
	void aClaimMayBringItsOwnVisibilityTimeout() {
		long id = enqueue();
		claimer().claim(new Claim(1, WORKER, Duration.ofMinutes(10), null));
		this.database.elapse(Duration.ofMinutes(9));
		assertThat(claimIds(1)).isEmpty();
		this.database.elapse(Duration.ofMinutes(1));
		assertThat(claimIds(1)).containsExactly(id);
	}

	@Test
	void twoStoresOnTheSameTablesShareAQueue() {
		List<Long> ids = enqueue(4);
		PgqrsStore another = this.database.anotherStore();
		Claim two = new Claim(2, WORKER, null, null);
		Claims claims = another.messages().claimer(this.queue).claim(two);
		assertThat(ids(claims)).isEqualTo(ids.subList(0, 2));
		assertThat(claimIds(4)).isEqualTo(ids.subList(2, 4));
		assertThat(this.store.messages().complete(leases(claims), false)).hasSize(2);
		assertThat(another.messages().complete(leases(claims), false)).isEmpty();
	}

	@Test
	void eachMessageGoesToOneOfManyConsumers() throws Exception {
		int total = 4_000;
		for (int i = 0; i < 4; i++) {
			enqueue(total / 4, i % 2, Duration.ZERO);
		}
		AtomicInteger size = new AtomicInteger();
		List<List<Long>> claimed = concurrently(8, () -> {
			List<Long> mine = new ArrayList<>();
			Claimer claimer = claimer();
			int limit = 1 + size.getAndIncrement() * 7;
			Claims claims = claimer.claim(new Claim(limit, WORKER, null, null));
			while (claims.size() > 0) {
				mine.addAll(this.store.messages().complete(leases(claims), false));
				claims = claimer.claim(new Claim(limit, WORKER, null, null));
			}
			return mine;
		});
		List<Long> all = claimed.stream().flatMap(List::stream).toList();
		assertThat(all).hasSize(total).doesNotHaveDuplicates();
		assertThat(claimIds(1)).isEmpty();
		assertThat(rows("pgqrs_messages")).isZero();
	}

	@Test
	void consumersAndProducersWorkSideBySide() throws Exception {
		int batches = 50;
		AtomicInteger role = new AtomicInteger();
		AtomicInteger consumed = new AtomicInteger();
		int total = 4 * batches * 10;
		List<List<Long>> results = concurrently(8, () -> {
			if (role.getAndIncrement() % 2 == 0) {
				return IntStream.range(0, batches).boxed().flatMap((i) -> enqueue(10).stream()).toList();
			}
			List<Long> mine = new ArrayList<>();
			Claimer claimer = claimer();
			long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
			while (consumed.get() < total && System.nanoTime() < deadline) {
				Claims claims = claimer.claim(new Claim(20, WORKER, null, null));
				mine.addAll(this.store.messages().complete(leases(claims), true));
				consumed.addAndGet(claims.size());
			}
			return mine;
		});
		List<Long> all = results.stream().flatMap(List::stream).toList();
		assertThat(all).hasSize(2 * total);
		assertThat(all.stream().distinct()).hasSize(total);
		assertThat(rows("pgqrs_archive")).isEqualTo(total);
	}

}
