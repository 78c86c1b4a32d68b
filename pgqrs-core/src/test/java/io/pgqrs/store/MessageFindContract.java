package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.pgqrs.store.MessageRecord.State;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** A message is found wherever it is. */
abstract class MessageFindContract extends StoreContract {

	@Test
	void aReadyMessageTellsWhatItIs() {
		long id = this.store.messages()
			.enqueue(new Enqueue(this.queue, List.of("\"payload\""), "{\"a\":\"b\"}", 4, null, null, "key"))
			.get(0);
		MessageRecord message = find(id);
		assertThat(message.headers()).contains("\"a\"", "\"b\"");
		assertThat(message.enqueuedAt()).isCloseTo(Instant.now(), within(Duration.ofSeconds(5)));
		assertThat(message).isEqualTo(new MessageRecord(id, this.queue, State.READY, 4, 0, message.enqueuedAt(),
				message.visibleAt(), null, null, null, "key", message.headers(), "\"payload\"", null));
	}

	@Test
	void aDelayedMessageTellsWhenItIsDue() {
		MessageRecord message = find(enqueue(0, Duration.ofHours(1)));
		assertThat(message.state()).isEqualTo(State.DELAYED);
		assertThat(message.visibleAt()).isCloseTo(Instant.now().plus(Duration.ofHours(1)),
				within(Duration.ofSeconds(5)));
		assertThat(message.worker()).isNull();
	}

	@Test
	void aMessageInFlightTellsWhoHoldsItUntilTheLeaseEnds() {
		long id = enqueue();
		claimOne();
		MessageRecord held = find(id);
		assertThat(held.state()).isEqualTo(State.IN_FLIGHT);
		assertThat(held.worker()).isEqualTo(WORKER);
		assertThat(held.attempts()).isEqualTo(1);
		assertThat(held.claimedAt()).isCloseTo(Instant.now(), within(Duration.ofSeconds(5)));
		assertThat(held.visibleAt()).isCloseTo(Instant.now().plus(LEASE), within(Duration.ofSeconds(5)));
		this.database.elapse(LEASE.plusSeconds(1));
		MessageRecord free = find(id);
		assertThat(free.state()).isEqualTo(State.READY);
		assertThat(free.worker()).isNull();
	}

	@Test
	void aMessageThatFailedAndWaitsIsDelayed() {
		long id = enqueue();
		fail(claimOne().lease(), Duration.ofMinutes(1));
		assertThat(find(id).state()).isEqualTo(State.DELAYED);
		assertThat(find(id).attempts()).isEqualTo(1);
	}

	@Test
	void aCallerThatIsNoWorkerIsWorkerZero() {
		long id = enqueue();
		claimer().claim(new Claim(1, Claim.NO_WORKER, null, null));
		assertThat(find(id).worker()).isEqualTo(Claim.NO_WORKER);
	}

	@Test
	void anArchivedMessageTellsWhenItEnded() {
		long id = enqueue();
		archive(claimOne().lease());
		MessageRecord message = find(id);
		assertThat(message.state()).isEqualTo(State.ARCHIVED);
		assertThat(message.queue()).isEqualTo(this.queue);
		assertThat(message.payload()).isEqualTo("0");
		assertThat(message.endedAt()).isCloseTo(Instant.now(), within(Duration.ofSeconds(5)));
		assertThat(message.visibleAt()).isNull();
		assertThat(message.error()).isNull();
	}

	@Test
	void aDeadMessageTellsWhy() {
		enqueueOnce("key");
		Lease lease = claimOne().lease();
		deadLetter(lease);
		MessageRecord message = find(lease.messageId());
		assertThat(message.state()).isEqualTo(State.DEAD);
		assertThat(message.error()).isEqualTo(ERROR);
		assertThat(message.deduplicationKey()).isEqualTo("key");
		assertThat(message.endedAt()).isCloseTo(Instant.now(), within(Duration.ofSeconds(5)));
		assertThat(message.visibleAt()).isNull();
		this.store.deadLetters().replay(lease.messageId());
		assertThat(find(lease.messageId()).state()).isEqualTo(State.READY);
	}

	@Test
	void aMessageThatIsGoneIsNotFound() {
		long id = enqueue();
		complete(claimOne().lease());
		assertThat(this.store.messages().find(id)).isNull();
		assertThat(this.store.messages().find(Long.MAX_VALUE)).isNull();
	}

	private MessageRecord find(long id) {
		return Objects.requireNonNull(this.store.messages().find(id));
	}

}
