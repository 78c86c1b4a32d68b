package io.pgqrs.store.sqlite;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.pgqrs.store.Lease;
import io.pgqrs.store.NewRun;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.RunDirective;
import io.pgqrs.store.SignalReceipt;
import io.pgqrs.store.SignalReceipt.State;
import io.pgqrs.store.StartedRun;
import io.pgqrs.store.StoreContract;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs that several connections work on at the same time, through two stores. */
class SqliteWorkflowConcurrencyTests extends StoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

	@Test
	void anIdIsDrawnOnceThoughManyStartAndEnqueue() throws Exception {
		PgqrsStore another = this.database.anotherStore();
		AtomicInteger role = new AtomicInteger();
		List<List<Long>> drawn = concurrently(8, () -> {
			int mine = role.getAndIncrement();
			PgqrsStore target = (mine < 4) ? this.store : another;
			List<Long> ids = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				ids.addAll((mine % 2 == 0) ? enqueue(3) : List.of(target.runs().start(newRun(null)).id()));
			}
			return ids;
		});
		List<Long> ids = drawn.stream().flatMap(List::stream).toList();
		assertThat(ids).hasSize(4 * 50 * 3 + 4 * 50).doesNotHaveDuplicates();
		assertThat(rows("pgqrs_messages")).isEqualTo(ids.size());
	}

	@Test
	void aKeyIsStartedOnceThoughManyTry() throws Exception {
		int keys = 50;
		PgqrsStore another = this.database.anotherStore();
		AtomicInteger role = new AtomicInteger();
		List<List<StartedRun>> attempts = concurrently(8, () -> {
			PgqrsStore target = (role.getAndIncrement() % 2 == 0) ? this.store : another;
			return IntStream.range(0, keys).mapToObj((i) -> target.runs().start(newRun("race-" + i))).toList();
		});
		for (int i = 0; i < keys; i++) {
			int key = i;
			List<StartedRun> same = attempts.stream().map((runs) -> runs.get(key)).toList();
			assertThat(same).extracting(StartedRun::id).containsOnly(same.get(0).id());
			assertThat(same).filteredOn(StartedRun::created).hasSize(1);
		}
		assertThat(rows("pgqrs_messages")).isEqualTo(keys);
	}

	@Test
	void aSignalIsNotMissedThoughTheRunIsJustGoingToWait() throws Exception {
		PgqrsStore another = this.database.anotherStore();
		for (int i = 0; i < 200; i++) {
			Lease lease = startLeased();
			assertThat(receive(lease).state()).isEqualTo(State.WAITING);
			CyclicBarrier start = new CyclicBarrier(2);
			AtomicInteger role = new AtomicInteger();
			concurrently(2, () -> {
				boolean sends = role.getAndIncrement() == 0;
				start.await();
				return sends ? another.runs().signal(lease.messageId(), "signal", "1")
						: this.store.steps().suspend(lease);
			});
			Lease next = claimOne().lease();
			assertThat(receive(next)).isEqualTo(new SignalReceipt(State.RECEIVED, "1", RunDirective.CONTINUE));
			complete(next);
		}
	}

	private Lease startLeased() {
		NewRun run = new NewRun("workflow", this.queue, null, null, 0, null, null, null, LEASE);
		return new Lease(this.store.runs().start(run).id(), 1);
	}

	private SignalReceipt receive(Lease lease) {
		return this.store.steps().receive(lease, "wait", "signal", Duration.ofHours(1));
	}

	private NewRun newRun(String key) {
		return new NewRun("workflow", this.queue, key, null, 0, null, null, null, null);
	}

}
