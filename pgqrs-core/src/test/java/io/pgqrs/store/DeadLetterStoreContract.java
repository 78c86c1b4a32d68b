package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.pgqrs.store.MessageStore.Death;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Messages that were given up. */
abstract class DeadLetterStoreContract extends StoreContract {

	@Test
	void aDeadLetterTellsWhatItWas() {
		Instant before = Instant.now();
		long id = this.store.messages()
			.enqueue(new Enqueue(this.queue, List.of("\"payload\""), "{\"a\":\"b\"}", 4, null, null, "key"))
			.get(0);
		fail(claimOne().lease(), Duration.ZERO);
		deadLetter(claimOne().lease());
		assertThat(this.store.deadLetters().find(this.queue, 10)).singleElement().satisfies((letter) -> {
			assertThat(letter.id()).isEqualTo(id);
			assertThat(letter.payload()).isEqualTo("\"payload\"");
			assertThat(letter.headers()).contains("\"a\"", "\"b\"");
			assertThat(letter.priority()).isEqualTo(4);
			assertThat(letter.attempts()).isEqualTo(2);
			assertThat(letter.error()).isEqualTo(ERROR);
			assertThat(letter.enqueuedAt()).isCloseTo(before, within(Duration.ofSeconds(5)));
			assertThat(letter.diedAt()).isCloseTo(before, within(Duration.ofSeconds(5)));
		});
	}

	@Test
	void theYoungestComeFirst() {
		long first = deadLetter();
		this.database.elapse(Duration.ofSeconds(1));
		long second = deadLetter();
		this.database.elapse(Duration.ofSeconds(1));
		long third = deadLetter();
		assertThat(deadLetters()).containsExactly(third, second, first);
		assertThat(this.store.deadLetters().find(this.queue, 2)).extracting(DeadLetterRecord::id)
			.containsExactly(third, second);
	}

	@Test
	void pagesGoOnBehindTheLastOne() {
		deadLetterMany(1_000);
		this.database.elapse(Duration.ofSeconds(1));
		deadLetter();
		String other = this.queue;
		this.queue = newQueue();
		deadLetter();
		this.queue = other;
		List<Long> all = deadLetters();
		List<Long> paged = new ArrayList<>();
		DeadLetterStore.Position behind = null;
		List<DeadLetterRecord> page;
		do {
			page = this.store.deadLetters().find(this.queue, 300, behind);
			for (DeadLetterRecord letter : page) {
				paged.add(letter.id());
				behind = new DeadLetterStore.Position(letter.diedAt(), letter.id());
			}
		}
		while (page.size() == 300);
		assertThat(paged).isEqualTo(all).hasSize(1_001);
		assertThat(this.store.deadLetters().find(this.queue, 300, behind)).isEmpty();
	}

	@Test
	void aPageGoesOnBehindOneThatIsGone() {
		long first = deadLetter();
		this.database.elapse(Duration.ofSeconds(1));
		long second = deadLetter();
		DeadLetterRecord gone = this.store.deadLetters().find(this.queue, 1).get(0);
		this.store.deadLetters().replay(second);
		assertThat(
				this.store.deadLetters().find(this.queue, 10, new DeadLetterStore.Position(gone.diedAt(), gone.id())))
			.extracting(DeadLetterRecord::id)
			.containsExactly(first);
	}

	@Test
	void anUnknownQueueHasNone() {
		assertThat(this.store.deadLetters().find("unknown", 10)).isEmpty();
		assertThat(this.store.deadLetters().replayAll("unknown")).isZero();
		assertThat(this.store.deadLetters().purge("unknown")).isZero();
		assertThat(this.store.deadLetters().replay(Long.MAX_VALUE)).isNull();
	}

	@Test
	void aReplayedMessageStartsItsAttemptsFromZeroAndGoesOnCountingDeliveries() {
		long id = enqueueOnce("key");
		fail(claimOne().lease(), Duration.ZERO);
		Lease stale = claimOne().lease();
		deadLetter(stale);
		assertThat(this.store.deadLetters().replay(id)).isEqualTo(this.queue);
		assertThat(deadLetters()).isEmpty();
		assertThat(complete(stale)).isFalse();
		ClaimedMessage claimed = claimOne();
		assertThat(claimed.lease().messageId()).isEqualTo(id);
		assertThat(claimed.lease().deliveryCount()).isGreaterThan(stale.deliveryCount());
		assertThat(claimed.attempt()).isEqualTo(1);
		assertThat(claimed.payload()).isEqualTo("1");
		assertThat(complete(stale)).isFalse();
		assertThat(enqueueOnce("key")).isEqualTo(id);
	}

	@Test
	void anExhaustedMessageCanBeReplayed() {
		long id = enqueue();
		Lease stale = null;
		for (int i = 0; i < MAX_ATTEMPTS; i++) {
			stale = claimOne().lease();
			this.database.elapse(LEASE);
		}
		claim(1);
		assertThat(this.store.deadLetters().replay(id)).isEqualTo(this.queue);
		assertThat(complete(stale)).isFalse();
		ClaimedMessage claimed = claimOne();
		assertThat(claimed.attempt()).isEqualTo(1);
		assertThat(claimed.lease()).isEqualTo(new Lease(id, MAX_ATTEMPTS + 1));
	}

	@Test
	void aReplayedMessageIsDueNow() {
		long first = deadLetter();
		long second = enqueue();
		this.database.elapse(Duration.ofSeconds(1));
		this.store.deadLetters().replay(first);
		assertThat(claimIds(2)).containsExactly(second, first);
	}

	@Test
	void aDeadLetterWhoseKeyIsTakenStays() {
		long id = enqueueOnce("key");
		deadLetter(claimOne().lease());
		long successor = enqueueOnce("key");
		assertThat(this.store.deadLetters().replay(id)).isNull();
		assertThat(this.store.deadLetters().replayAll(this.queue)).isZero();
		assertThat(deadLetters()).containsExactly(id);
		complete(claimOne().lease());
		assertThat(successor).isNotEqualTo(id);
		assertThat(this.store.deadLetters().replay(id)).isEqualTo(this.queue);
	}

	@Test
	void aDeadLetterIsReplayedOnce() throws Exception {
		long id = deadLetter();
		assertThat(concurrently(4, () -> this.store.deadLetters().replay(id) != null)).containsOnlyOnce(true);
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
	}

	@Test
	void allAreReplayedButThoseWhoseKeyIsTaken() {
		long taken = enqueueOnce("key");
		deadLetter(claimOne().lease());
		List<Long> ids = deadLetterMany(12_000);
		enqueueOnce("key");
		complete(claimOne().lease());
		enqueueOnce("key");
		assertThat(this.store.deadLetters().replayAll(this.queue)).isEqualTo(12_000);
		assertThat(deadLetters()).containsExactly(taken);
		assertThat(rows("pgqrs_messages")).isEqualTo(12_001);
		assertThat(claimIds(13_000)).containsAll(ids);
	}

	@Test
	void aMessageThatDiesAgainMeanwhileIsNotReplayedAgain() throws Exception {
		deadLetterMany(12_000);
		AtomicBoolean done = new AtomicBoolean();
		AtomicInteger role = new AtomicInteger();
		List<Integer> replayed = concurrently(2, () -> {
			if (role.getAndIncrement() == 0) {
				int count = this.store.deadLetters().replayAll(this.queue);
				done.set(true);
				return count;
			}
			while (!done.get()) {
				this.store.messages().deadLetter(deaths(claim(1_000)));
			}
			return 0;
		});
		assertThat(replayed).containsExactlyInAnyOrder(12_000, 0);
		assertThat(rows("pgqrs_messages") + rows("pgqrs_dead_letters")).isEqualTo(12_000);
	}

	@Test
	void twoLettersOfOneKeyAreNotBothReplayed() {
		for (int i = 0; i < 2; i++) {
			enqueueOnce("key");
			deadLetter(claimOne().lease());
		}
		assertThat(this.store.deadLetters().replayAll(this.queue)).isEqualTo(1);
		assertThat(deadLetters()).hasSize(1);
	}

	@Test
	void aPurgeDeletesTheLettersOfItsQueueAndNothingElse() {
		deadLetterMany(12_000);
		long pending = enqueue();
		String full = this.queue;
		this.queue = newQueue();
		long other = deadLetter();
		assertThat(this.store.deadLetters().purge(full)).isEqualTo(12_000);
		assertThat(deadLetters()).containsExactly(other);
		this.queue = full;
		assertThat(deadLetters()).isEmpty();
		assertThat(claimIds(2)).containsExactly(pending);
	}

	private List<Long> deadLetterMany(int count) {
		List<Long> ids = new ArrayList<>(count);
		for (int i = 0; i < count; i += 1_000) {
			enqueue(1_000);
			ids.addAll(this.store.messages().deadLetter(deaths(claim(1_000))));
		}
		return ids;
	}

	private static List<Death> deaths(Claims claims) {
		return leases(claims).stream().map((lease) -> new Death(lease, ERROR)).toList();
	}

}
