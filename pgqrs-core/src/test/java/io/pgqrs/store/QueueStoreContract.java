package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.pgqrs.store.QueueStore.Deletion;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Queues, and what they hold. */
abstract class QueueStoreContract extends StoreContract {

	private static final QueueSettings OTHER = new QueueSettings(Duration.ofMillis(1), 99, Duration.ZERO, 1.5,
			Duration.ofDays(1), false, Duration.ofMillis(2), Duration.ofMillis(3));

	@Test
	void aQueueIsFoundAsItWasCreated() {
		this.store.queues().create("created", OTHER);
		assertThat(this.store.queues().find("created")).satisfies((queue) -> {
			assertThat(queue.id()).isPositive();
			assertThat(queue.name()).isEqualTo("created");
			assertThat(queue.settings()).isEqualTo(OTHER);
			assertThat(queue.paused()).isFalse();
			assertThat(queue.createdAt()).isCloseTo(Instant.now(), within(Duration.ofSeconds(5)));
		});
	}

	@Test
	void anUnknownQueueIsNotFound() {
		assertThat(this.store.queues().find("unknown")).isNull();
		assertThat(this.store.queues().counts("unknown")).isEmpty();
		assertThat(this.store.queues().setPaused("unknown", true)).isFalse();
		assertThat(this.store.queues().purge("unknown")).isZero();
		assertThat(this.store.queues().delete("unknown")).isEqualTo(Deletion.NOT_FOUND);
	}

	@Test
	void aQueueThatIsThereIsNotCreatedAgain() {
		assertThat(this.store.queues().create("twice", settings())).isTrue();
		assertThat(this.store.queues().create("twice", OTHER)).isFalse();
		assertThat(this.store.queues().find("twice").settings()).isEqualTo(settings());
	}

	@Test
	void savingCreatesOrChangesTheSettingsAndNothingElse() {
		this.store.queues().save("saved", settings());
		this.store.queues().setPaused("saved", true);
		QueueRecord before = this.store.queues().find("saved");
		this.store.queues().save("saved", OTHER);
		assertThat(this.store.queues().find("saved"))
			.isEqualTo(new QueueRecord(before.id(), "saved", OTHER, true, before.createdAt()));
	}

	@Test
	void concurrentCreationsMakeOneQueue() throws Exception {
		List<Boolean> created = concurrently(8, () -> this.store.queues().create("raced", settings()));
		assertThat(created).containsOnlyOnce(true);
		concurrently(8, () -> {
			this.store.queues().save("raced too", settings());
			return null;
		});
		assertThat(this.store.queues().findAll()).extracting(QueueRecord::name).containsOnlyOnce("raced too");
	}

	@Test
	void queuesAreListedByName() {
		this.store.queues().create("list-b", settings());
		this.store.queues().create("list-a", settings());
		this.store.queues().create("list-c", settings());
		assertThat(this.store.queues().findAll()).extracting(QueueRecord::name)
			.containsSubsequence("list-a", "list-b", "list-c");
		assertThat(this.store.queues().counts(null)).extracting(QueueCounts::queue)
			.containsSubsequence("list-a", "list-b", "list-c");
	}

	@Test
	void pausingIsRemembered() {
		assertThat(this.store.queues().setPaused(this.queue, true)).isTrue();
		assertThat(this.store.queues().find(this.queue).paused()).isTrue();
		assertThat(counts().paused()).isTrue();
		assertThat(this.store.queues().setPaused(this.queue, false)).isTrue();
		assertThat(this.store.queues().find(this.queue).paused()).isFalse();
	}

	@Test
	void anEmptyQueueIsDeletedWithItsArchive() {
		enqueue();
		archive(claimOne().lease());
		int id = this.store.queues().find(this.queue).id();
		assertThat(this.store.queues().delete(this.queue)).isEqualTo(Deletion.DELETED);
		assertThat(this.store.queues().find(this.queue)).isNull();
		assertThat(this.database.sql("SELECT count(*) FROM pgqrs_archive WHERE queue_id = :id")
			.param("id", id)
			.query(Long.class)
			.single()).isZero();
	}

	@Test
	void aQueueThatHoldsAnythingStaysAsItIs() {
		enqueue(2);
		archive(leases(claim(1)).get(0));
		assertThat(this.store.queues().delete(this.queue)).isEqualTo(Deletion.NOT_EMPTY);
		deadLetter(leases(claim(1)).get(0));
		assertThat(this.store.queues().delete(this.queue)).isEqualTo(Deletion.NOT_EMPTY);
		assertThat(rows("pgqrs_archive")).isEqualTo(1);
		this.store.deadLetters().purge(this.queue);
		assertThat(this.store.queues().delete(this.queue)).isEqualTo(Deletion.DELETED);
	}

	@Test
	void aDeletedQueueCanBeCreatedAgainAndIsEmpty() {
		int id = this.store.queues().find(this.queue).id();
		this.store.queues().delete(this.queue);
		this.store.queues().create(this.queue, settings());
		assertThat(this.store.queues().find(this.queue).id()).isNotEqualTo(id);
		assertThat(claimIds(1)).isEmpty();
	}

	@Test
	void noMessageIsLeftBehindByADeletion() throws Exception {
		for (int round = 0; round < 30; round++) {
			String name = "deleted-" + round;
			this.store.queues().create(name, settings());
			AtomicInteger role = new AtomicInteger();
			List<Object> results = concurrently(4, () -> (role.getAndIncrement() == 0)
					? this.store.queues().delete(name)
					: this.store.messages().enqueue(new Enqueue(name, List.of("1"), null, 0, null, null, null)));
			long enqueued = results.stream()
				.filter((result) -> result instanceof List<?> ids && !ids.isEmpty())
				.count();
			assertThat(results).containsAnyOf(Deletion.DELETED, Deletion.NOT_EMPTY);
			assertThat(results.contains(Deletion.DELETED)).isEqualTo(enqueued == 0);
		}
		assertThat(this.database
			.sql("SELECT count(*) FROM pgqrs_messages WHERE queue_id NOT IN (SELECT id FROM pgqrs_queues)")
			.query(Long.class)
			.single()).isZero();
	}

	@Test
	void aPurgeDeletesAllMessagesOfItsQueueAndNothingElse() {
		for (int i = 0; i < 12; i++) {
			enqueue(1_000, i % 3, (i % 2 == 0) ? Duration.ZERO : Duration.ofHours(1));
		}
		Lease held = leases(claim(50)).get(0);
		archive(held);
		deadLetter(leases(claim(1)).get(0));
		String full = this.queue;
		this.queue = newQueue();
		long other = enqueue();
		assertThat(this.store.queues().purge(full)).isEqualTo(11_998);
		assertThat(claimIds(2)).containsExactly(other);
		this.queue = full;
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(rows("pgqrs_archive")).isEqualTo(1);
		assertThat(rows("pgqrs_dead_letters")).isEqualTo(1);
	}

	@Test
	void countsTellWhatIsInAQueue() {
		enqueue(3, 0, Duration.ofHours(1));
		enqueue(2, 5, Duration.ofHours(1));
		enqueue(6, -1, Duration.ZERO);
		enqueue(5, 1, Duration.ZERO);
		this.database.elapse(Duration.ofSeconds(10));
		List<Lease> leases = leases(claim(7));
		archive(leases.get(0));
		archive(leases.get(1));
		deadLetter(leases.get(2));
		QueueCounts counts = counts();
		assertThat(counts.oldestReadyAge()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(15));
		assertThat(counts).isEqualTo(new QueueCounts(this.queue, 4, 5, 4, 2, 1, counts.oldestReadyAge(), false));
	}

	@Test
	void anExpiredLeaseCountsAsReady() {
		enqueue();
		claim(1);
		assertThat(counts().oldestReadyAge()).isNull();
		this.database.elapse(LEASE.plusSeconds(5));
		QueueCounts counts = counts();
		assertThat(counts.ready()).isEqualTo(1);
		assertThat(counts.inFlight()).isZero();
		assertThat(counts.oldestReadyAge()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
	}

	@Test
	void countsStopAtTheLimitAndStillFindTheOldest() {
		enqueue(1, -9, Duration.ZERO);
		this.database.elapse(Duration.ofHours(1));
		enqueue(1, -9, Duration.ZERO);
		for (int i = 0; i <= QueueCounts.LIMIT / 1_000; i++) {
			enqueue(1_000, 9, Duration.ZERO);
			enqueue(1_000, 0, Duration.ofHours(2));
		}
		QueueCounts counts = counts();
		assertThat(counts.ready()).isEqualTo(QueueCounts.LIMIT);
		assertThat(counts.delayed()).isEqualTo(QueueCounts.LIMIT);
		assertThat(counts.oldestReadyAge()).isBetween(Duration.ofHours(1), Duration.ofMinutes(61));
	}

	@Test
	void noFigureIsCountedBeyondTheLimitThatIsAskedFor() {
		enqueue(8, 5, Duration.ZERO);
		enqueue(8, 1, Duration.ZERO);
		List<Lease> leases = leases(claim(10));
		leases.subList(0, 3).forEach(this::archive);
		leases.subList(3, 6).forEach(this::deadLetter);
		enqueue(3, 5, Duration.ofHours(1));
		enqueue(3, 1, Duration.ofHours(1));
		QueueCounts limited = counts(2);
		assertThat(limited.oldestReadyAge()).isNotNull();
		assertThat(limited).isEqualTo(new QueueCounts(this.queue, 2, 2, 2, 2, 2, limited.oldestReadyAge(), false));
		for (QueueCounts all : List.of(counts(7), counts(), counts(Integer.MAX_VALUE))) {
			assertThat(all).isEqualTo(new QueueCounts(this.queue, 6, 6, 4, 3, 3, all.oldestReadyAge(), false));
		}
		assertThat(this.store.queues().counts(null, 2)).filteredOn((counts) -> counts.queue().equals(this.queue))
			.singleElement()
			.extracting(QueueCounts::ready, QueueCounts::archived)
			.containsExactly(2L, 2L);
	}

	private QueueCounts counts(int limit) {
		return this.store.queues().counts(this.queue, limit).get(0);
	}

	@Test
	void leasesAreCountedBehindALongDelayedQueue() {
		for (int i = 0; i < 2 * QueueCounts.LIMIT / 1_000 + 5; i++) {
			enqueue(1_000, 9, Duration.ofHours(2));
		}
		List<Long> ids = new ArrayList<>(enqueue(3, 9, Duration.ZERO));
		ids.addAll(enqueue(3));
		assertThat(claimIds(10)).isEqualTo(ids);
		assertThat(counts().inFlight()).isEqualTo(6);
		assertThat(counts().delayed()).isEqualTo(QueueCounts.LIMIT);
		assertThat(counts().ready()).isZero();
	}

}
