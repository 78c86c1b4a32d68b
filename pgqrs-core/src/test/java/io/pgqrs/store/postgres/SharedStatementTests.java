package io.pgqrs.store.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.pgqrs.store.postgres.SharedStatement.Share;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SharedStatementTests {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<List<Integer>> together = new CopyOnWriteArrayList<>();

	private final List<Integer> alone = new CopyOnWriteArrayList<>();

	private final CountDownLatch slow = new CountDownLatch(1);

	/** Keeps the other one busy, so that all who wait come together. */
	private final CountDownLatch slower = new CountDownLatch(1);

	private volatile @Nullable RuntimeException failure;

	private volatile @Nullable Error error;

	private volatile boolean interrupts;

	private volatile boolean interrupted;

	private volatile int leftOut;

	private final SharedStatement<Integer, String> statement = new SharedStatement<>(this::together, this::alone);

	@AfterEach
	void end() {
		this.slow.countDown();
		this.slower.countDown();
		this.threads.shutdownNow();
	}

	private List<@Nullable Share<String>> together(List<Integer> items) {
		this.together.add(items);
		if (items.get(0) < 0) {
			waitFor((items.get(0) == -1) ? this.slow : this.slower);
		}
		else if (this.failure != null) {
			if (this.interrupts) {
				Thread.currentThread().interrupt();
			}
			throw this.failure;
		}
		else if (this.error != null) {
			throw this.error;
		}
		this.interrupted |= Thread.currentThread().isInterrupted();
		List<@Nullable Share<String>> shares = new ArrayList<>();
		items.forEach((item) -> shares.add((item == this.leftOut) ? null : new Share<>("shared " + item)));
		return shares;
	}

	private String alone(int item) {
		this.alone.add(item);
		return "alone " + item;
	}

	private static void waitFor(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void whoIsAloneWaitsForNobody() {
		assertThat(this.statement.execute(1)).isEqualTo("shared 1");
		assertThat(this.together).containsExactly(List.of(1));
	}

	@Test
	void thoseWhoComeWhileOthersExecuteShareTheNextStatement() {
		List<CompletableFuture<String>> calls = whileTwoAreSlow(1, 2, 3);
		this.slow.countDown();
		assertThat(calls).extracting(CompletableFuture::join).containsExactly("shared 1", "shared 2", "shared 3");
		assertThat(this.together.stream().flatMap(List::stream)).containsExactlyInAnyOrder(-1, -2, 1, 2, 3);
		assertThat(this.together).hasSizeLessThan(5);
		assertThat(this.alone).isEmpty();
	}

	@Test
	void whatIsLeftOutIsDoneAlone() {
		this.leftOut = 2;
		List<CompletableFuture<String>> calls = whileTwoAreSlow(1, 2, 3);
		this.slow.countDown();
		assertThat(calls).extracting(CompletableFuture::join).containsExactly("shared 1", "alone 2", "shared 3");
	}

	@Test
	void eachGoesAloneWhenTheDatabaseRefusesAllOfThem() {
		this.failure = new DataIntegrityViolationException("one of them");
		assertAllGoAlone();
	}

	@Test
	void eachGoesAloneWhenOneGetsNoConnectionBecauseItIsInterrupted() {
		this.failure = new CannotGetJdbcConnectionException("interrupted");
		this.interrupts = true;
		assertAllGoAlone();
	}

	@Test
	void nobodyGoesAloneWhenThereIsNoConnection() {
		this.failure = new CannotGetJdbcConnectionException("timeout");
		List<CompletableFuture<String>> calls = whileTwoAreSlow(1, 2, 3);
		this.slow.countDown();
		assertThat(calls).allSatisfy((call) -> assertThatExceptionOfType(RuntimeException.class).isThrownBy(call::join)
			.withCauseInstanceOf(CannotGetJdbcConnectionException.class));
		assertThat(this.alone).isEmpty();
	}

	@Test
	void theInterruptOfOneDoesNotMeetTheOthers() throws Exception {
		call(-1);
		call(-2);
		Awaitility.await().until(() -> this.together.size() == 2);
		AtomicReference<Thread> first = new AtomicReference<>();
		CompletableFuture<Boolean> keepsIt = CompletableFuture.supplyAsync(() -> {
			first.set(Thread.currentThread());
			this.statement.execute(1);
			return Thread.interrupted();
		}, this.threads);
		Awaitility.await().until(() -> this.statement.waiting() == 1);
		CompletableFuture<String> second = call(2);
		Awaitility.await().until(() -> this.statement.waiting() == 2);
		first.get().interrupt();
		this.slow.countDown();
		assertThat(second.join()).isEqualTo("shared 2");
		assertThat(keepsIt.join()).isTrue();
		assertThat(this.together.stream().filter((items) -> items.size() > 1 && items.get(0) == 1)).isNotEmpty();
		assertThat(this.interrupted).isFalse();
	}

	@Test
	void anErrorIsToldAndHoldsNobodyUp() {
		this.error = new StackOverflowError();
		List<CompletableFuture<String>> calls = whileTwoAreSlow(1, 2, 3, 4);
		this.slow.countDown();
		assertThat(calls)
			.allSatisfy((call) -> assertThatExceptionOfType(RuntimeException.class).isThrownBy(call::join));
		assertThat(this.alone).isEmpty();
		this.error = null;
		assertThat(this.statement.execute(5)).isEqualTo("shared 5");
		assertThat(this.statement.execute(6)).isEqualTo("shared 6");
	}

	private void assertAllGoAlone() {
		List<CompletableFuture<String>> calls = whileTwoAreSlow(1, 2, 3, 4, 5, 6);
		this.slow.countDown();
		// Who is alone by then fails alone, and so is told.
		List<String> results = calls.stream().map((call) -> call.exceptionally((ex) -> "failed").join()).toList();
		assertThat(results).allMatch((result) -> result.startsWith("alone") || result.equals("failed"));
		assertThat(this.alone).hasSizeGreaterThan(3);
	}

	@Test
	void nobodyRepeatsWhatMayBeCommitted() {
		this.failure = new DataAccessResourceFailureException("no answer");
		List<CompletableFuture<String>> calls = whileTwoAreSlow(1, 2, 3);
		this.slow.countDown();
		assertThat(calls).allSatisfy((call) -> assertThatExceptionOfType(RuntimeException.class).isThrownBy(call::join)
			.withCauseInstanceOf(DataAccessResourceFailureException.class));
		assertThat(this.alone).isEmpty();
	}

	@Test
	void afterAFailureTheNextOneIsNotHeldUp() {
		this.failure = new DataAccessResourceFailureException("no answer");
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(DataAccessResourceFailureException.class)
				.isThrownBy(() -> this.statement.execute(1));
		}
		this.failure = null;
		assertThat(this.statement.execute(2)).isEqualTo("shared 2");
	}

	/** Calls that have to wait until the slow ones are over. */
	private List<CompletableFuture<String>> whileTwoAreSlow(int... items) {
		call(-1);
		call(-2);
		Awaitility.await().until(() -> this.together.size() == 2);
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int item : items) {
			calls.add(call(item));
		}
		Awaitility.await().until(() -> this.statement.waiting() == items.length);
		return calls;
	}

	private CompletableFuture<String> call(int item) {
		return CompletableFuture.supplyAsync(() -> this.statement.execute(item), this.threads);
	}

}
