package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Messages on their way in. */
abstract class EnqueueContract extends StoreContract {

	@Test
	void idsComeInTheOrderOfThePayloads() {
		List<String> payloads = IntStream.range(0, 1_000)
			.map((i) -> (i * 7919) % 1_000)
			.mapToObj(Integer::toString)
			.toList();
		List<Long> ids = this.store.messages().enqueue(new Enqueue(this.queue, payloads, null, 0, null, null, null));
		assertThat(ids).hasSize(1_000).isSorted().doesNotHaveDuplicates();
		List<ClaimedMessage> claimed = claim(1_000).messages();
		assertThat(claimed).extracting((message) -> message.lease().messageId()).isEqualTo(ids);
		assertThat(claimed).extracting(ClaimedMessage::payload).isEqualTo(payloads);
	}

	@Test
	void anUnknownQueueGetsNothing() {
		Enqueue one = new Enqueue("unknown", List.of("1"), null, 0, null, null, null);
		Enqueue two = new Enqueue("unknown", List.of("1", "2"), null, 0, null, null, null);
		Enqueue keyed = new Enqueue("unknown", List.of("1"), null, 0, null, null, "key");
		assertThat(this.store.messages().enqueue(one)).isEmpty();
		assertThat(this.store.messages().enqueue(two)).isEmpty();
		assertThat(this.store.messages().enqueue(keyed)).isEmpty();
	}

	@Test
	void aDelayedMessageIsDueAfterItsDelay() {
		long id = enqueue(0, Duration.ofMinutes(1));
		assertThat(claimIds(1)).isEmpty();
		this.database.elapse(Duration.ofSeconds(59));
		assertThat(claimIds(1)).isEmpty();
		this.database.elapse(Duration.ofSeconds(1));
		assertThat(claimIds(1)).containsExactly(id);
	}

	@Test
	void aMessageForAMomentIsDueThen() {
		Instant moment = Instant.now().plusSeconds(3600);
		long id = enqueueAt(moment);
		this.database.elapse(Duration.ofSeconds(3590));
		assertThat(claimIds(1)).isEmpty();
		this.database.elapse(Duration.ofSeconds(11));
		ClaimedMessage claimed = claimOne();
		assertThat(claimed.lease().messageId()).isEqualTo(id);
		assertThat(claimed.dueAt()).isCloseTo(moment.minusSeconds(3601), within(2, ChronoUnit.MILLIS));
	}

	@Test
	void aPastMomentMeansNow() {
		long first = enqueue();
		long second = enqueueAt(Instant.now().minusSeconds(3600));
		assertThat(claimIds(2)).containsExactly(first, second);
	}

	@Test
	void aClaimedMessageTellsWhatWasEnqueued() {
		Instant before = Instant.now();
		long id = this.store.messages()
			.enqueue(new Enqueue(this.queue, List.of("{\"a\":1}"), "{\"trace\":\"x\"}", 3, null, null, null))
			.get(0);
		ClaimedMessage claimed = claimOne();
		assertThat(claimed.lease()).isEqualTo(new Lease(id, 1));
		assertThat(claimed.attempt()).isEqualTo(1);
		assertThat(claimed.priority()).isEqualTo(3);
		assertThat(json(claimed.payload())).isEqualTo(json("{\"a\":1}"));
		assertThat(json(claimed.headers())).isEqualTo(json("{\"trace\":\"x\"}"));
		assertThat(claimed.enqueuedAt()).isCloseTo(before, within(Duration.ofSeconds(5)));
		assertThat(claimed.dueAt()).isEqualTo(claimed.enqueuedAt());
		assertThat(claimed.leasedAt()).isAfterOrEqualTo(claimed.dueAt()).isEqualTo(claimed.visibleUntil().minus(LEASE));
		assertThat(claimed.visibleUntil()).isCloseTo(before.plus(LEASE), within(Duration.ofSeconds(5)));
	}

	@Test
	void headersMayBeMissing() {
		enqueue();
		assertThat(claimOne().headers()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "true", "0.1", "12345678901234567890", "\"\"", "[]", "{}", "[1,[2,{\"a\":[]}]]",
			"\"it's \\\"quoted\\\" \\\\ ?, :name, $1, %s; -- DROP\"", "\"\\n\\t\\r\\b\"", "\"žluťoučký 日本語 🎉 \u200f\"",
			"{\"k'ey\":\"va:lue\",\"{}\":\"[]\"}" })
	void anyPayloadComesBackAsItWas(String payload) {
		enqueueBothWays(payload);
		assertThat(claim(3).messages()).hasSize(3)
			.allSatisfy((message) -> assertThat(json(message.payload())).isEqualTo(json(payload)));
	}

	private void enqueueBothWays(String payload) {
		this.store.messages().enqueue(new Enqueue(this.queue, List.of(payload), null, 0, null, null, null));
		this.store.messages().enqueue(new Enqueue(this.queue, List.of(payload, payload), null, 0, null, null, null));
	}

	@Test
	void aLargePayloadComesBackAsItWas() {
		String payload = "\"" + "0123456789abcdef".repeat(65_536) + "\"";
		enqueueBothWays(payload);
		assertThat(claim(3).messages()).hasSize(3)
			.allSatisfy((message) -> assertThat(message.payload().equals(payload)).isTrue());
	}

	@Test
	void namesAndKeysMayHoldAnyCharacter() {
		this.queue = "it's \"a\" queue; :name ? $1 日本 🎉";
		this.store.queues().create(this.queue, settings());
		long id = enqueueOnce("it's a \"key\" ? :key 🎉");
		assertThat(enqueueOnce("it's a \"key\" ? :key 🎉")).isEqualTo(id);
		assertThat(claimIds(2)).containsExactly(id);
	}

	@Test
	void aKeyThatIsPendingGivesThePendingMessage() {
		long id = enqueueOnce("key");
		assertThat(enqueueOnce("key")).isEqualTo(id);
		assertThat(enqueueOnce("other")).isNotEqualTo(id);
		assertThat(rows("pgqrs_messages")).isEqualTo(2);
	}

	@Test
	void aKeyThatIsInFlightGivesTheMessageInFlight() {
		long id = enqueueOnce("key");
		Lease lease = claimOne().lease();
		assertThat(enqueueOnce("key")).isEqualTo(id);
		assertThat(complete(lease)).isTrue();
	}

	@Test
	void aDuplicateChangesNothing() {
		long id = enqueueOnce("key");
		this.store.messages()
			.enqueue(new Enqueue(this.queue, List.of("2"), "{\"a\":\"b\"}", 9, Duration.ofHours(1), null, "key"));
		ClaimedMessage claimed = claimOne();
		assertThat(claimed.lease().messageId()).isEqualTo(id);
		assertThat(claimed.payload()).isEqualTo("1");
		assertThat(claimed.headers()).isNull();
		assertThat(claimed.priority()).isZero();
	}

	@Test
	void aKeyIsFreeAgainAfterCompletion() {
		long id = enqueueOnce("key");
		complete(claimOne().lease());
		long second = enqueueOnce("key");
		assertThat(second).isNotEqualTo(id);
		archive(claimOne().lease());
		assertThat(enqueueOnce("key")).isNotIn(id, second);
	}

	@Test
	void aKeyIsFreeAgainAfterDeath() {
		long id = enqueueOnce("key");
		deadLetter(claimOne().lease());
		assertThat(enqueueOnce("key")).isNotEqualTo(id);
	}

	@Test
	void aKeyBelongsToItsQueue() {
		long id = enqueueOnce("key");
		this.queue = newQueue();
		assertThat(enqueueOnce("key")).isNotEqualTo(id);
	}

	@Test
	void concurrentEnqueuesWithOneKeyGiveOneMessage() throws Exception {
		for (int round = 0; round < 20; round++) {
			String key = "key-" + round;
			List<Long> ids = concurrently(8, () -> enqueueOnce(key));
			assertThat(new HashSet<>(ids)).hasSize(1);
		}
		assertThat(rows("pgqrs_messages")).isEqualTo(20);
	}

	private static Object json(String text) {
		return JsonMapper.shared().readTree(text);
	}

}
