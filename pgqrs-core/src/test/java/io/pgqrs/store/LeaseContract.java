package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.pgqrs.store.MessageStore.Death;
import io.pgqrs.store.MessageStore.Release;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

/** Who holds a message, and until when. */
abstract class LeaseContract extends StoreContract {

	@Test
	void aClaimedMessageIsNotClaimableWhileItsLeaseLasts() {
		enqueue();
		claim(1);
		assertThat(claimIds(1)).isEmpty();
		this.database.elapse(LEASE.minusSeconds(5));
		assertThat(claimIds(1)).isEmpty();
	}

	@Test
	void anExpiredLeaseAloneMakesAMessageClaimable() {
		long id = enqueue();
		claim(1);
		this.database.elapse(LEASE);
		ClaimedMessage again = claimOne();
		assertThat(again.lease()).isEqualTo(new Lease(id, 2));
		assertThat(again.attempt()).isEqualTo(2);
	}

	@Test
	void aHolderWhoseLeaseWasTakenOverChangesNothing() {
		enqueue();
		Lease stale = claimOne().lease();
		this.database.elapse(LEASE);
		Lease lease = claimOne().lease();
		assertThatHoldsNothing(stale);
		assertThat(complete(lease)).isTrue();
	}

	@Test
	void whoReleasedAMessageChangesNothingAfterwards() {
		enqueue();
		Lease stale = claimOne().lease();
		assertThat(release(stale, Duration.ofMinutes(1))).isTrue();
		assertThatHoldsNothing(stale);
	}

	@Test
	void whoseMessageWasReclaimedChangesNothingAfterwards() {
		long worker = this.store.workers()
			.register(new WorkerRecord.Registration("dead", "host", 1, "1", List.of(), Duration.ofMinutes(1)));
		enqueue();
		Lease stale = claimer().claim(new Claim(1, worker, Duration.ofHours(1), null)).messages().get(0).lease();
		this.database.elapse(Duration.ofMinutes(5));
		assertThat(this.store.workers().reclaim(Duration.ofMinutes(1)).total()).isEqualTo(1);
		assertThatHoldsNothing(stale);
		assertThat(claimOne().lease()).isEqualTo(new Lease(stale.messageId(), 2));
	}

	@Test
	void whoCompletedAMessageChangesNothingAfterwards() {
		enqueue();
		Lease lease = claimOne().lease();
		assertThat(complete(lease)).isTrue();
		assertThatHoldsNothing(lease);
	}

	@Test
	void aMessageThatWasNeverClaimedCannotBeCompleted() {
		long id = enqueue();
		assertThatHoldsNothing(new Lease(id, 0));
		assertThatHoldsNothing(new Lease(id, 1));
	}

	private void assertThatHoldsNothing(Lease lease) {
		assertThat(complete(lease)).isFalse();
		assertThat(archive(lease)).isFalse();
		assertThat(extend(lease, LEASE)).isFalse();
		assertThat(release(lease, Duration.ZERO)).isFalse();
		assertThat(fail(lease, Duration.ZERO)).isFalse();
		assertThat(deadLetter(lease)).isFalse();
		assertThat(rows("pgqrs_archive")).isZero();
		assertThat(rows("pgqrs_dead_letters")).isZero();
	}

	@Test
	void anExpiredLeaseThatNobodyTookOverStillCounts() {
		enqueue(4);
		List<Lease> leases = leases(claim(4));
		this.database.elapse(LEASE.multipliedBy(2));
		assertThat(complete(leases.get(0))).isTrue();
		assertThat(archive(leases.get(1))).isTrue();
		assertThat(deadLetter(leases.get(2))).isTrue();
		assertThat(extend(leases.get(3), LEASE)).isTrue();
		assertThat(claimIds(4)).isEmpty();
	}

	@Test
	void aCompletedMessageIsGone() {
		enqueue();
		complete(claimOne().lease());
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(rows("pgqrs_archive")).isZero();
	}

	@Test
	void anArchivedMessageIsInTheArchiveOnly() {
		long id = this.store.messages()
			.enqueue(new Enqueue(this.queue, List.of("\"payload\""), "{\"a\":\"b\"}", 4, null, null, "key"))
			.get(0);
		fail(claimOne().lease(), Duration.ZERO);
		archive(claimOne().lease());
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(this.database.sql("SELECT * FROM pgqrs_archive WHERE id = :id").param("id", id).query().singleRow())
			.satisfies((row) -> {
				assertThat(row.get("payload")).hasToString("\"payload\"");
				assertThat(row.get("headers").toString()).contains("\"a\"", "\"b\"");
				assertThat(row.get("priority")).isEqualTo(4);
				assertThat(row.get("attempts")).isEqualTo(2);
				assertThat(row.get("archived_at")).isNotNull();
			});
	}

	@Test
	void aBatchCompletesWhatIsHeldAndLeavesTheRest() {
		List<Long> ids = enqueue(4);
		List<Lease> leases = leases(claim(4));
		release(leases.get(1), Duration.ofHours(1));
		List<Lease> batch = new ArrayList<>(leases);
		batch.add(new Lease(Long.MAX_VALUE, 1));
		batch.add(new Lease(ids.get(1), 2));
		assertThat(this.store.messages().complete(batch, true)).containsExactlyInAnyOrder(ids.get(0), ids.get(2),
				ids.get(3));
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
		assertThat(rows("pgqrs_archive")).isEqualTo(3);
	}

	@Test
	void anEmptyBatchDoesNothing() {
		enqueue();
		assertThat(this.store.messages().complete(List.of(), true)).isEmpty();
		assertThat(this.store.messages().complete(List.of(), false)).isEmpty();
		assertThat(this.store.messages().extend(List.of(), LEASE)).isEmpty();
		assertThat(this.store.messages().release(List.of())).isEmpty();
		assertThat(this.store.messages().deadLetter(List.of())).isEmpty();
		assertThat(rows("pgqrs_messages")).isEqualTo(1);
	}

	@Test
	void anExtendedLeaseLastsFromNow() {
		long id = enqueue();
		Lease lease = claimOne().lease();
		this.database.elapse(LEASE.minusSeconds(1));
		assertThat(extend(lease, LEASE)).isTrue();
		this.database.elapse(LEASE.minusSeconds(1));
		assertThat(claimIds(1)).isEmpty();
		this.database.elapse(Duration.ofSeconds(1));
		assertThat(claimIds(1)).containsExactly(id);
	}

	@Test
	void aLeaseMayBeShortened() {
		long id = enqueue();
		Lease lease = claimOne().lease();
		extend(lease, Duration.ofSeconds(1));
		this.database.elapse(Duration.ofSeconds(1));
		assertThat(claimIds(1)).containsExactly(id);
	}

	@Test
	void aReleasedMessageCostsNoAttempt() {
		enqueue();
		for (int i = 1; i <= MAX_ATTEMPTS + 2; i++) {
			ClaimedMessage claimed = claimOne();
			assertThat(claimed.attempt()).isEqualTo(1);
			assertThat(claimed.lease().deliveryCount()).isEqualTo(i);
			release(claimed.lease(), Duration.ZERO);
		}
	}

	@Test
	void aFailureCostsAnAttempt() {
		enqueue();
		fail(claimOne().lease(), Duration.ZERO);
		ClaimedMessage claimed = claimOne();
		assertThat(claimed.attempt()).isEqualTo(2);
		assertThat(claimed.lease().deliveryCount()).isEqualTo(2);
	}

	@Test
	void aReleasedMessageIsDueAfterItsDelay() {
		enqueue(2);
		List<Lease> leases = leases(claim(2));
		Instant before = Instant.now();
		assertThat(this.store.messages()
			.release(List.of(new Release(leases.get(0), Duration.ofMinutes(1), true),
					new Release(leases.get(1), Duration.ofMinutes(2), false))))
			.isEqualTo(ids(leases));
		assertThat(claimIds(2)).isEmpty();
		this.database.elapse(Duration.ofMinutes(1));
		ClaimedMessage first = claimOne();
		assertThat(first.lease().messageId()).isEqualTo(leases.get(0).messageId());
		assertThat(first.attempt()).isEqualTo(2);
		assertThat(first.dueAt()).isCloseTo(before, within(Duration.ofSeconds(5)));
		this.database.elapse(Duration.ofMinutes(1));
		assertThat(claim(2).messages()).anySatisfy((message) -> {
			assertThat(message.lease().messageId()).isEqualTo(leases.get(1).messageId());
			assertThat(message.attempt()).isEqualTo(1);
		});
	}

	@Test
	void anExhaustedMessageGoesToTheDeadLettersInTheClaim() {
		long id = enqueueOnce("key");
		for (int i = 0; i < MAX_ATTEMPTS; i++) {
			assertThat(claimIds(1)).containsExactly(id);
			this.database.elapse(LEASE);
		}
		Claims claims = claim(1);
		assertThat(claims.messages()).isEmpty();
		assertThat(claims.exhausted()).containsExactly(id);
		assertThat(claims.size()).isEqualTo(1);
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(this.store.deadLetters().find(this.queue, 10)).singleElement().satisfies((letter) -> {
			assertThat(letter.id()).isEqualTo(id);
			assertThat(letter.attempts()).isEqualTo(MAX_ATTEMPTS);
			assertThat(letter.error()).contains("LeaseExpired");
		});
		assertThat(enqueueOnce("key")).isNotEqualTo(id);
	}

	@Test
	void exhaustedMessagesLeaveBesideOnesThatAreClaimed() {
		List<Long> worn = enqueue(3);
		for (int i = 0; i < MAX_ATTEMPTS; i++) {
			claim(3);
			this.database.elapse(LEASE);
		}
		List<Long> fresh = enqueue(3);
		Claims claims = claim(6);
		assertThat(claims.exhausted()).isEqualTo(worn);
		assertThat(ids(claims)).isEqualTo(fresh);
		assertThat(deadLetters()).containsExactlyInAnyOrderElementsOf(worn);
	}

	@Test
	void aClaimMayBringItsOwnLimitOfAttempts() {
		long id = enqueue();
		claim(1);
		this.database.elapse(LEASE);
		assertThat(claimer().claim(new Claim(1, WORKER, null, 1)).exhausted()).containsExactly(id);
		enqueue();
		for (int i = 0; i < MAX_ATTEMPTS; i++) {
			claim(1);
			this.database.elapse(LEASE);
		}
		assertThat(claimer().claim(new Claim(1, WORKER, null, 10)).messages()).hasSize(1);
	}

	@Test
	void aFailureInTheLastAttemptIsExhaustedInTheNextClaim() {
		long id = enqueue();
		for (int i = 0; i < MAX_ATTEMPTS; i++) {
			fail(claimOne().lease(), Duration.ZERO);
		}
		assertThat(claim(1).exhausted()).containsExactly(id);
	}

	@Test
	void aDeadLetteredMessageLeavesTheQueueWithItsError() {
		enqueue(2);
		List<Lease> leases = leases(claim(2));
		assertThat(this.store.messages()
			.deadLetter(List.of(new Death(leases.get(1), "{\"type\":\"b\"}"),
					new Death(leases.get(0), "{\"type\":\"a\"}"))))
			.isEqualTo(ids(leases));
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(this.store.deadLetters().find(this.queue, 10))
			.extracting(DeadLetterRecord::id, DeadLetterRecord::error)
			.containsExactlyInAnyOrder(tuple(leases.get(0).messageId(), "{\"type\":\"a\"}"),
					tuple(leases.get(1).messageId(), "{\"type\":\"b\"}"));
	}

	@Test
	void whoHoldsALeaseAndWhoLostItIsKnown() {
		enqueue(2);
		Claims claims = claim(2);
		List<Lease> leases = leases(claims);
		assertThat(this.store.messages().held(leases)).hasSize(2);
		complete(leases.get(0));
		assertThat(this.store.messages().held(leases)).containsExactly(leases.get(1).messageId());
		this.database.elapse(LEASE);
		assertThat(this.store.messages().held(leases)).containsExactly(leases.get(1).messageId());
		claim(1);
		assertThat(this.store.messages().held(leases)).isEmpty();
	}

	@Test
	void aContainerExtendsWhatItHolds() {
		enqueue(2);
		List<Lease> leases = leases(claim(2));
		complete(leases.get(0));
		assertThat(this.store.messages().tryExtend(leases, LEASE.multipliedBy(3)))
			.containsExactly(leases.get(1).messageId());
		this.database.elapse(LEASE.multipliedBy(2));
		assertThat(claimIds(1)).isEmpty();
	}

}
