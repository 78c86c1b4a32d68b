package io.pgqrs.listener;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import io.pgqrs.WakeUps;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.Reclaimed;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.store.WorkerRecord;
import io.pgqrs.store.WorkerRecord.Registration;
import io.pgqrs.store.WorkerStore;
import io.pgqrs.store.jdbc.JdbcStore;
import io.pgqrs.test.LogLines;
import io.pgqrs.test.TestDatabase;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PgqrsWorkerTests {

	private static final Duration HEARTBEAT = Duration.ofMillis(100);

	private static final Duration DEAD_AFTER = Duration.ofMillis(600);

	private final TestDatabase database = TestDatabase.sqlite();

	private final Workers workers = new Workers();

	private final PgqrsWorker worker = new PgqrsWorker(store(), new WakeUps(WakeUpTransport.none()), "tests", HEARTBEAT,
			DEAD_AFTER);

	private PgqrsStore store() {
		PgqrsStore store = this.database.store();
		return new JdbcStore(store.database(), store.dataSource(), ((JdbcStore) store).transactions(), store.schema(),
				store.queues(), store.messages(), store.deadLetters(), store.runs(), store.steps(), this.workers,
				store.maintenance(), store.availability(), store.wakeUps());
	}

	@AfterEach
	void leave() {
		this.worker.leave(this);
		this.database.close();
	}

	@Test
	void registersAndBeatsAsSoonAsAContainerRuns() {
		assertThat(this.worker.silence()).isNull();
		join();
		await(() -> assertThat(this.workers.calls).startsWith("register 1", "heartbeat 1"));
		assertThat(this.worker.silence()).isLessThan(DEAD_AFTER);
		assertThat(this.worker.id()).isOne();
	}

	@Test
	void judgesOthersOnceItsOwnHeartbeatsHaveArrivedForLongEnough() {
		long start = System.nanoTime();
		join();
		await(() -> assertThat(this.workers.calls).contains("reclaim"));
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(DEAD_AFTER.toNanos());
	}

	@Test
	void doesNotJudgeOthersAfterAnOutage() {
		join();
		await(() -> assertThat(this.workers.calls).contains("reclaim"));
		assertThat(this.worker.isOverdue()).isFalse();
		this.workers.outage.set(true);
		await(() -> assertThat(this.worker.isOverdue()).isTrue());
		this.workers.calls.clear();
		Awaitility.await().pollDelay(DEAD_AFTER).until(() -> true);
		assertThat(this.workers.calls).doesNotContain("reclaim");
		long healed = System.nanoTime();
		this.workers.outage.set(false);
		await(() -> assertThat(this.workers.calls).contains("reclaim"));
		assertThat(System.nanoTime() - healed).isGreaterThanOrEqualTo(DEAD_AFTER.toNanos());
	}

	@Test
	void tellsItsContainersWhenItWasDeclaredDeadAndRegistersAnew() {
		AtomicBoolean told = new AtomicBoolean();
		this.workers.dead = 1;
		this.worker.join(this, List.of("jobs"), () -> told.set(true));
		await(() -> assertThat(this.workers.calls).contains("register 2", "heartbeat 2"));
		assertThat(told).isTrue();
		assertThat(this.worker.id()).isEqualTo(2);
	}

	@Test
	void saysThatItStoppedWithTheLastContainer() {
		join();
		await(() -> assertThat(this.workers.calls).contains("heartbeat 1"));
		this.worker.leave(this);
		assertThat(this.workers.calls).contains("stopped 1");
		assertThat(this.worker.silence()).isNull();
		assertThat(this.worker.id()).isZero();
	}

	@Test
	void aBeatThatIsUnderWayWhenItStopsChangesNothing() {
		try (LogLines log = new LogLines()) {
			CountDownLatch beating = new CountDownLatch(1);
			CountDownLatch stopped = new CountDownLatch(1);
			this.workers.duringHeartbeat = () -> {
				beating.countDown();
				awaitUninterruptibly(stopped);
			};
			join();
			awaitUninterruptibly(beating);
			this.worker.leave(this);
			this.workers.duringHeartbeat = () -> {
			};
			join();
			this.workers.dead = 1;
			stopped.countDown();
			await(() -> assertThat(this.workers.calls).contains("heartbeat 2"));
			this.worker.leave(this);
			Awaitility.await().pollDelay(DEAD_AFTER.plus(HEARTBEAT)).until(() -> true);
			assertThat(this.worker.isOverdue()).isFalse();
			assertThat(this.workers.calls).doesNotContain("register 3");
			assertThat(log.lines()).isEmpty();
		}
	}

	@Test
	void silenceMustBeLongerThanAHeartbeat() {
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> new PgqrsWorker(store(), new WakeUps(WakeUpTransport.none()), "tests", HEARTBEAT, HEARTBEAT))
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

	private static void awaitUninterruptibly(CountDownLatch latch) {
		boolean done = false;
		while (!done) {
			try {
				latch.await();
				done = true;
			}
			catch (InterruptedException ex) {
				// It is waited for all the same.
			}
		}
	}

	/** Writes down who calls. */
	private static final class Workers implements WorkerStore {

		private final Queue<String> calls = new ConcurrentLinkedQueue<>();

		private final AtomicBoolean outage = new AtomicBoolean();

		private volatile long dead;

		private volatile Runnable duringHeartbeat = () -> {
		};

		private long last;

		@Override
		public synchronized long register(Registration registration) {
			this.last++;
			this.calls.add("register " + this.last);
			return this.last;
		}

		@Override
		public boolean heartbeat(long id, List<String> queues) {
			this.duringHeartbeat.run();
			if (this.outage.get()) {
				throw new DataAccessResourceFailureException("gone");
			}
			this.calls.add("heartbeat " + id);
			return id != this.dead;
		}

		@Override
		public void stopped(long id) {
			this.calls.add("stopped " + id);
		}

		@Override
		public List<WorkerRecord> findAll() {
			return List.of();
		}

		@Override
		public Reclaimed reclaim(Duration silence) {
			this.calls.add("reclaim");
			return Reclaimed.NOTHING;
		}

	}

}
