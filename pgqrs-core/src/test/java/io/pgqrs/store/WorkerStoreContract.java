package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.pgqrs.store.WorkerRecord.Registration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Processes that consume. */
abstract class WorkerStoreContract extends StoreContract {

	private static final Duration SILENCE = Duration.ofMinutes(1);

	private static final Registration REGISTRATION = new Registration("näme", "host", 4711, "0.1",
			List.of("a", "b, \"c\""), SILENCE);

	@BeforeEach
	void removeWorkers() {
		this.database.sql("DELETE FROM pgqrs_workers").update();
	}

	@Test
	void aRegisteredWorkerIsRunning() {
		long id = this.store.workers().register(REGISTRATION);
		assertThat(id).isPositive();
		assertThat(this.store.workers().findAll()).singleElement().satisfies((worker) -> {
			assertThat(worker.id()).isEqualTo(id);
			assertThat(worker.registration()).isEqualTo(REGISTRATION);
			assertThat(worker.status()).isEqualTo(WorkerRecord.RUNNING);
			assertThat(worker.startedAt()).isCloseTo(Instant.now(), within(Duration.ofSeconds(5)));
			assertThat(worker.heartbeatAt()).isEqualTo(worker.startedAt());
		});
	}

	@Test
	void theYoungestComeFirst() {
		long first = this.store.workers().register(REGISTRATION);
		long second = this.store.workers().register(REGISTRATION);
		assertThat(this.store.workers().findAll()).extracting(WorkerRecord::id).containsExactly(second, first);
	}

	@Test
	void aWorkerMayConsumeNothing() {
		long id = this.store.workers().register(new Registration("name", "host", 1, "0.1", List.of(), SILENCE));
		assertThat(worker(id).registration().queues()).isEmpty();
	}

	@Test
	void aHeartbeatTellsTimeAndQueues() {
		long id = this.store.workers().register(REGISTRATION);
		this.database.elapse(Duration.ofSeconds(50));
		assertThat(this.store.workers().heartbeat(id, List.of("x"))).isTrue();
		WorkerRecord worker = worker(id);
		assertThat(worker.registration().queues()).containsExactly("x");
		assertThat(Duration.between(worker.startedAt(), worker.heartbeatAt()))
			.isGreaterThanOrEqualTo(Duration.ofSeconds(50));
	}

	@Test
	void aWorkerThatStoppedStaysStopped() {
		long id = this.store.workers().register(REGISTRATION);
		this.store.workers().stopped(id);
		assertThat(worker(id).status()).isEqualTo(WorkerRecord.STOPPED);
		assertThat(this.store.workers().heartbeat(id, List.of())).isFalse();
		this.database.elapse(SILENCE.multipliedBy(2));
		assertThat(this.store.workers().reclaim(SILENCE)).isEqualTo(Reclaimed.NOTHING);
		assertThat(worker(id).status()).isEqualTo(WorkerRecord.STOPPED);
	}

	@Test
	void aWorkerThatWasRemovedIsToldSo() {
		assertThat(this.store.workers().heartbeat(Long.MAX_VALUE, List.of())).isFalse();
	}

	@Test
	void aSilentWorkerIsDeclaredDeadAndFreesWhatItHolds() {
		long dead = this.store.workers().register(REGISTRATION);
		long alive = this.store.workers().register(REGISTRATION);
		List<Long> ids = enqueue(5);
		Duration lease = Duration.ofHours(1);
		claimer().claim(new Claim(3, dead, lease, null));
		claimer().claim(new Claim(1, alive, lease, null));
		claimer().claim(new Claim(1, Claim.NO_WORKER, lease, null));
		this.database.elapse(SILENCE.plusSeconds(1));
		this.store.workers().heartbeat(alive, List.of());
		assertThat(this.store.workers().reclaim(SILENCE))
			.isEqualTo(new Reclaimed(List.of("näme (" + dead + ", process 4711 on host)"), Map.of(this.queue, 3)));
		assertThat(worker(dead).status()).isEqualTo(WorkerRecord.DEAD);
		assertThat(worker(alive).status()).isEqualTo(WorkerRecord.RUNNING);
		assertThat(this.store.workers().heartbeat(dead, List.of())).isFalse();
		List<ClaimedMessage> freed = claim(10).messages();
		assertThat(freed).extracting((message) -> message.lease().messageId()).isEqualTo(ids.subList(0, 3));
		assertThat(freed).extracting(ClaimedMessage::attempt).containsOnly(2);
		assertThat(freed).allSatisfy(
				(message) -> assertThat(message.dueAt()).isCloseTo(Instant.now(), within(Duration.ofSeconds(5))));
	}

	@Test
	void nobodyIsDeclaredDeadTooSoon() {
		long id = this.store.workers().register(REGISTRATION);
		this.database.elapse(SILENCE.minusSeconds(10));
		assertThat(this.store.workers().reclaim(SILENCE)).isEqualTo(Reclaimed.NOTHING);
		assertThat(worker(id).status()).isEqualTo(WorkerRecord.RUNNING);
	}

	@Test
	void eachWorkerIsJudgedByWhatItSaidItself() {
		Registration patient = new Registration("patient", "host", 4711, "0.1", List.of(), SILENCE.multipliedBy(3));
		long id = this.store.workers().register(patient);
		long silent = this.store.workers().register(REGISTRATION);
		assertThat(worker(id).registration()).isEqualTo(patient);
		this.database.elapse(SILENCE.multipliedBy(2));
		assertThat(this.store.workers().reclaim(Duration.ofMillis(1)).workers()).singleElement()
			.asString()
			.contains("näme (" + silent);
		assertThat(worker(id).status()).isEqualTo(WorkerRecord.RUNNING);
		this.database.elapse(SILENCE.multipliedBy(2));
		assertThat(this.store.workers().reclaim(Duration.ofDays(1)).workers()).hasSize(1);
		assertThat(worker(id).status()).isEqualTo(WorkerRecord.DEAD);
	}

	@Test
	void aWorkerThatDidNotSayIsJudgedByTheCaller() {
		long id = this.store.workers().register(REGISTRATION);
		this.database.sql("UPDATE pgqrs_workers SET dead_after_ms = NULL").update();
		this.database.elapse(SILENCE.multipliedBy(2));
		assertThat(this.store.workers().reclaim(SILENCE.multipliedBy(3))).isEqualTo(Reclaimed.NOTHING);
		assertThat(this.store.workers().reclaim(SILENCE).workers()).hasSize(1);
		assertThat(worker(id).status()).isEqualTo(WorkerRecord.DEAD);
	}

	@Test
	void aWorkerIsReclaimedOnce() throws Exception {
		long dead = this.store.workers().register(REGISTRATION);
		enqueue(100);
		claimer().claim(new Claim(100, dead, Duration.ofHours(1), null));
		this.database.elapse(SILENCE.plusSeconds(1));
		List<Integer> reclaimed = concurrently(4, () -> this.store.workers().reclaim(SILENCE).total());
		assertThat(reclaimed).containsExactlyInAnyOrder(100, 0, 0, 0);
	}

	private WorkerRecord worker(long id) {
		return this.store.workers().findAll().stream().filter((worker) -> worker.id() == id).findFirst().orElseThrow();
	}

}
