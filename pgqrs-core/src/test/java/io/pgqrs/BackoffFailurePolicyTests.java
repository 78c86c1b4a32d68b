package io.pgqrs;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;

import io.pgqrs.FailurePolicy.Failure;
import io.pgqrs.FailurePolicy.GiveUp;
import io.pgqrs.FailurePolicy.Retry;
import io.pgqrs.FailurePolicy.Verdict;
import io.pgqrs.store.ClaimedMessage;
import io.pgqrs.store.Lease;
import io.pgqrs.support.PayloadJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.messaging.converter.MessageConversionException;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffFailurePolicyTests {

	private final BackoffFailurePolicy policy = new BackoffFailurePolicy();

	@ParameterizedTest
	@CsvSource({ "1, 1000", "2, 2000", "3, 4000", "9, 256000", "10, 300000", "1000000, 300000" })
	void theDelayDoublesUpToItsMaximum(int attempt, long millis) {
		for (int i = 0; i < 50; i++) {
			Verdict verdict = decide(new IllegalStateException(), attempt, Integer.MAX_VALUE);
			assertThat(verdict).isInstanceOfSatisfying(Retry.class, (retry) -> assertThat(retry.delay().toMillis())
				.isBetween(millis * 8 / 10, Math.min(millis * 12 / 10, 300_000)));
		}
	}

	@Test
	void delaysOfMessagesThatFailedTogetherDiffer() {
		assertThat(IntStream.range(0, 20).mapToObj((i) -> decide(new IllegalStateException(), 3, 5)).distinct().count())
			.isGreaterThan(5);
	}

	@Test
	void theLastAttemptIsGivenUp() {
		assertThat(decide(new IllegalStateException(), 4, 5)).isInstanceOf(Retry.class);
		assertThat(decide(new IllegalStateException(), 5, 5)).isInstanceOf(GiveUp.class);
	}

	@Test
	void whatCannotBeReadIsGivenUpAtOnce() {
		assertThat(decide(new PayloadConversionException("no", null), 1, 5)).isInstanceOf(GiveUp.class);
		assertThat(decide(new RuntimeException(new MessageConversionException("no")), 1, 5)).isInstanceOf(GiveUp.class);
	}

	@Test
	void anExceptionMaySetTheDelay() {
		assertThat(decide(new RuntimeException(new Directed(Duration.ofHours(3))), 1, 5))
			.isEqualTo(new Retry(Duration.ofHours(3)));
		assertThat(decide(new Directed(Duration.ofHours(3)), 5, 5)).isInstanceOf(GiveUp.class);
	}

	@Test
	void anExceptionMayGiveUp() {
		assertThat(decide(new Directed(null), 1, 5)).isInstanceOf(GiveUp.class);
	}

	private Verdict decide(Throwable exception, int attempt, int maxAttempts) {
		QueueMessage message = new QueueMessage("emails", new ClaimedMessage(new Lease(1, attempt), attempt, 0, "1",
				null, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH),
				new PayloadJson(JsonMapper.shared()));
		QueueInfo queue = new QueueInfo("emails", Duration.ofSeconds(30), 5, Duration.ofSeconds(1), 2,
				Duration.ofMinutes(5), OnSuccess.ARCHIVE, Duration.ofDays(7), Duration.ofDays(30), false,
				Instant.EPOCH);
		return this.policy.decide(new Failure(message, exception, maxAttempts, queue));
	}

	private static final class Directed extends RuntimeException implements FailureDirective {

		private static final long serialVersionUID = 1L;

		private final transient Duration delay;

		Directed(Duration delay) {
			this.delay = delay;
		}

		@Override
		public Optional<Duration> retryAfter() {
			return Optional.ofNullable(this.delay);
		}

	}

}
