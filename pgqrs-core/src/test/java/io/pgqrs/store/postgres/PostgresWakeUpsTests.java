package io.pgqrs.store.postgres;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.test.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Two processes, each with a store of its own, on one schema. */
class PostgresWakeUpsTests {

	private static final String ALL = "*";

	private final Queue<String> heard = new ConcurrentLinkedQueue<>();

	private final TestDatabase database = TestDatabase.postgres();

	private final WakeUpTransport sender = this.database.store().wakeUps();

	private final PgqrsStore other = this.database.anotherStore();

	@BeforeEach
	void listen() {
		listen(this.other.wakeUps(), this.heard);
		// Whoever begins to listen may have missed something.
		await(() -> this.heard.contains(ALL));
		this.heard.clear();
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void anotherProcessIsWoken() {
		this.sender.publish("emails with 'quotes' / and Ω");
		await(() -> this.heard.contains("emails with 'quotes' / and Ω"));
		assertThat(this.other.wakeUps().isListening()).isTrue();
	}

	@Test
	void aBurstIsSentAFewTimesOnlyAndItsEndIsNotLost() {
		long start = System.nanoTime();
		for (int i = 0; i < 10_000; i++) {
			this.sender.publish("burst");
		}
		this.sender.publish("last");
		await(() -> this.heard.contains("last"));
		long intervals = Duration.ofNanos(System.nanoTime() - start).toMillis() / 20;
		assertThat(Collections.frequency(List.copyOf(this.heard), "burst")).isBetween(1, (int) intervals + 2);
	}

	@Test
	void aProcessDoesNotWakeItself() {
		this.other.wakeUps().publish("own");
		this.sender.publish("foreign");
		await(() -> this.heard.contains("foreign"));
		this.other.wakeUps().publish("own");
		this.sender.publish("foreign again");
		await(() -> this.heard.contains("foreign again"));
		assertThat(this.heard).doesNotContain("own");
	}

	@Test
	void anotherSchemaIsNotHeard() {
		try (TestDatabase stranger = TestDatabase.postgres()) {
			stranger.store().wakeUps().publish("strange");
			stranger.store().wakeUps().close();
			this.sender.publish("own");
			await(() -> this.heard.contains("own"));
			assertThat(this.heard).doesNotContain("strange");
		}
	}

	@Test
	void aConnectionThatBreaksIsOpenedAgainAndEverybodyIsWoken() {
		this.database.sql("""
				SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE query LIKE 'LISTEN %' AND pid <> pg_backend_pid()""").query((rs) -> {
		});
		await(() -> this.heard.contains(ALL));
		await(this.other.wakeUps()::isListening);
		this.sender.publish("after");
		await(() -> this.heard.contains("after"));
	}

	@Test
	void whatWasPublishedJustBeforeTheEndIsSent() {
		this.sender.publish("one");
		this.sender.publish("two");
		this.sender.close();
		await(() -> this.heard.containsAll(List.of("one", "two")));
		this.sender.publish("too late");
		assertThat(this.sender.isListening()).isFalse();
	}

	private static void listen(WakeUpTransport transport, Queue<String> heard) {
		transport.listen(new WakeUpTransport.Listener() {

			@Override
			public void wakeUp(String queue) {
				heard.add(queue);
			}

			@Override
			public void wakeUpAll() {
				heard.add(ALL);
			}

		});
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10)).until(condition);
	}

}
