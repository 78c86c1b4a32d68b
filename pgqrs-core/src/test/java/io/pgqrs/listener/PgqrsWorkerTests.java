package io.pgqrs.listener;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.pgqrs.WakeUps;
import io.pgqrs.store.Availability;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.Reclaimed;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.store.WorkerStore;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.atLeast;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

class PgqrsWorkerTests {

	private static final Duration HEARTBEAT = Duration.ofMillis(100);

	private static final Duration DEAD_AFTER = Duration.ofMillis(600);

	private final WorkerStore workers = mock(WorkerStore.class);

	private final PgqrsStore store = mock(PgqrsStore.class);

	private final AtomicBoolean outage = new AtomicBoolean();

	private PgqrsWorker worker;

	@BeforeEach
	void setUp() {
		given(this.store.workers()).willReturn(this.workers);
		given(this.store.availability()).willReturn(new Availability("database"));
		given(this.workers.register(any())).willReturn(1L);
		given(this.workers.heartbeat(anyLong(), any())).willAnswer((invocation) -> {
			if (this.outage.get()) {
				throw new DataAccessResourceFailureException("gone");
			}
			return true;
		});
		given(this.workers.reclaim(any())).willReturn(Reclaimed.NOTHING);
		this.worker = new PgqrsWorker(this.store, new WakeUps(WakeUpTransport.none()), "tests", HEARTBEAT, DEAD_AFTER);
	}

	@AfterEach
	void leave() {
		this.worker.leave(this);
	}

	@Test
	void registersAndBeatsAsSoonAsAContainerRuns() {
		assertThat(this.worker.silence()).isNull();
		join();
		await(() -> verify(this.workers, atLeast(2)).heartbeat(1, List.of("jobs")));
		assertThat(this.worker.silence()).isLessThan(DEAD_AFTER);
		verify(this.workers).register(any());
	}

	@Test
	void judgesOthersOnceItsOwnHeartbeatsHaveArrivedForLongEnough() {
		long start = System.nanoTime();
		join();
		await(() -> verify(this.workers, atLeastOnce()).reclaim(DEAD_AFTER));
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(DEAD_AFTER.toNanos());
	}

	@Test
	void doesNotJudgeOthersAfterAnOutage() {
		join();
		await(() -> verify(this.workers, atLeastOnce()).reclaim(DEAD_AFTER));
		this.outage.set(true);
		assertThat(this.worker.isOverdue()).isFalse();
		await(() -> assertThat(this.worker.silence()).isGreaterThan(DEAD_AFTER));
		assertThat(this.worker.isOverdue()).isTrue();
		clearInvocations(this.workers);
		Awaitility.await().pollDelay(DEAD_AFTER).until(() -> true);
		long healed = System.nanoTime();
		this.outage.set(false);
		verify(this.workers, never()).reclaim(any());
		await(() -> verify(this.workers, atLeastOnce()).reclaim(DEAD_AFTER));
		assertThat(System.nanoTime() - healed).isGreaterThanOrEqualTo(DEAD_AFTER.toNanos());
	}

	@Test
	void tellsItsContainersWhenItWasDeclaredDeadAndRegistersAnew() {
		AtomicBoolean told = new AtomicBoolean();
		given(this.workers.heartbeat(1, List.of("jobs"))).willReturn(false);
		given(this.workers.heartbeat(2, List.of("jobs"))).willReturn(true);
		given(this.workers.register(any())).willReturn(1L, 2L);
		this.worker.join(this, List.of("jobs"), () -> told.set(true));
		await(() -> verify(this.workers, atLeastOnce()).heartbeat(2, List.of("jobs")));
		assertThat(told).isTrue();
		assertThat(this.worker.id()).isEqualTo(2);
	}

	@Test
	void saysThatItStoppedWithTheLastContainer() {
		join();
		await(() -> verify(this.workers, atLeastOnce()).heartbeat(1, List.of("jobs")));
		this.worker.leave(this);
		verify(this.workers).stopped(1);
		assertThat(this.worker.silence()).isNull();
		assertThat(this.worker.id()).isZero();
	}

	@Test
	void silenceMustBeLongerThanAHeartbeat() {
		assertThatIllegalArgumentException().isThrownBy(
				() -> new PgqrsWorker(this.store, new WakeUps(WakeUpTransport.none()), "tests", HEARTBEAT, HEARTBEAT))
			.withMessageContaining("at least twice the heartbeat interval");
		assertThat(PgqrsWorker.deadAfter(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(25));
	}

	private void join() {
		this.worker.join(this, List.of("jobs"), () -> {
		});
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
	}

}
