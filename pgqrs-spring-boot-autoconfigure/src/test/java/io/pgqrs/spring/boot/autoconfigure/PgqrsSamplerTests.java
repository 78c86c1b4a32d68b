package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.QueueMetrics;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler.Sample;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessResourceException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

class PgqrsSamplerTests {

	private static final Duration INTERVAL = Duration.ofHours(1);

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final PgqrsAdmin admin = mock();

	private final CountDownLatch asked = new CountDownLatch(1);

	private final CountDownLatch answer = new CountDownLatch(1);

	@Test
	void asksOnceInAnIntervalAndCountsNoFurtherThanTheLimit() {
		PgqrsSampler sampler = new PgqrsSampler(this.admin, null, INTERVAL);
		assertThat(sampler.sample()).isSameAs(sampler.sample());
		then(this.admin).should(times(1)).metrics(PgqrsSampler.COUNT_LIMIT);
	}

	@Test
	void asksAgainAfterAReset() {
		PgqrsSampler sampler = new PgqrsSampler(this.admin, null, INTERVAL);
		Sample first = sampler.sample();
		sampler.reset();
		assertThat(sampler.sample()).isNotSameAs(first);
	}

	@Test
	void aSampleThatBeganBeforeAResetIsNotKept() throws Exception {
		theDatabaseHangs();
		PgqrsSampler sampler = new PgqrsSampler(this.admin, null, INTERVAL);
		CompletableFuture<Sample> early = CompletableFuture.supplyAsync(sampler::sample);
		this.asked.await();
		sampler.reset();
		this.answer.countDown();
		Sample stale = early.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		Sample fresh = sampler.sample();
		assertThat(stale.queues()).isEmpty();
		assertThat(fresh.queues()).hasSize(1);
		assertThat(sampler.sample()).isSameAs(fresh);
	}

	@Test
	void nobodyWaitsForeverForSomebodyElsesAnswer() throws Exception {
		theDatabaseHangs();
		PgqrsSampler sampler = new PgqrsSampler(this.admin, null, INTERVAL, Duration.ofMillis(20));
		CompletableFuture<Sample> first = CompletableFuture.supplyAsync(sampler::sample);
		this.asked.await();
		assertThatExceptionOfType(TransientDataAccessResourceException.class).isThrownBy(sampler::sample)
			.withMessage("The database has not answered for PT0.02S what queues hold");
		this.answer.countDown();
		assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isSameAs(sampler.sample());
	}

	@Test
	void whoWaitedForAFailureGetsItAndWhoComesLaterAsksAnew() throws Exception {
		DataAccessResourceFailureException outage = new DataAccessResourceFailureException("no connection");
		given(this.admin.metrics(PgqrsSampler.COUNT_LIMIT)).will((invocation) -> {
			this.asked.countDown();
			this.answer.await();
			throw outage;
		}).willReturn(List.of());
		PgqrsSampler sampler = new PgqrsSampler(this.admin, null, INTERVAL);
		CompletableFuture<Sample> first = CompletableFuture.supplyAsync(sampler::sample);
		this.asked.await();
		FutureTask<Sample> second = new FutureTask<>(sampler::sample);
		Thread waiting = new Thread(second);
		waiting.start();
		await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
		this.answer.countDown();
		assertThat(first).failsWithin(PATIENCE).withThrowableThat().withCause(outage);
		assertThat(second).failsWithin(PATIENCE).withThrowableThat().withCause(outage);
		then(this.admin).should(times(1)).metrics(PgqrsSampler.COUNT_LIMIT);
		assertThat(sampler.sample().queues()).isEmpty();
	}

	/** On the first question. */
	private void theDatabaseHangs() {
		given(this.admin.metrics(PgqrsSampler.COUNT_LIMIT)).will((invocation) -> {
			this.asked.countDown();
			this.answer.await();
			return List.of();
		}).willReturn(List.of(new QueueMetrics("emails", 1, 0, 0, 0, 0, null, false)));
	}

}
