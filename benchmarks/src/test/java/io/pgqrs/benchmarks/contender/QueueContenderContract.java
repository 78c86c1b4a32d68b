package io.pgqrs.benchmarks.contender;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.pgqrs.benchmarks.database.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/** What scenarios rely on, for every contender that works on the database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class QueueContenderContract {

	private static final QueueSettings SETTINGS = new QueueSettings(2, 10, false, 10);

	/** JobRunr begins up to 5 s late. */
	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

	abstract Database database();

	Stream<Named<QueueContender>> contenders() {
		return Stream.concat(DbScheduler.tunings().stream(), Stream.of(new JobRunr(), new RustShaped()))
			.filter((contender) -> contender.worksOn(database()))
			.map((contender) -> Named.of(contender.name(), contender));
	}

	@BeforeEach
	void clean() {
		database().clean();
	}

	@ParameterizedTest
	@MethodSource("contenders")
	void handlesEachMessageOfABacklogOnce(QueueContender contender) throws Exception {
		try (JobQueue queue = contender.open(database(), SETTINGS)) {
			ConcurrentLinkedQueue<Long> handled = new ConcurrentLinkedQueue<>();
			assertThat(queue.isDrained()).isTrue();
			queue.fill(50);
			assertThat(queue.isDrained()).isFalse();
			queue.consume(handled::add);
			await().atMost(LIMIT).until(queue::isDrained);
			assertThat(handled).containsExactlyInAnyOrderElementsOf(LongStream.range(0, 50).boxed().toList());
		}
	}

	@ParameterizedTest
	@MethodSource("contenders")
	void handlesWhatIsEnqueuedBeforeAndWhileItConsumes(QueueContender contender) throws Exception {
		try (JobQueue queue = contender.open(database(), SETTINGS)) {
			ConcurrentLinkedQueue<Long> handled = new ConcurrentLinkedQueue<>();
			queue.enqueue(1);
			queue.enqueueAll(List.of(2L, 3L));
			assertThat(queue.isDrained()).isFalse();
			queue.consume(handled::add);
			queue.enqueue(4);
			queue.enqueueAll(LongStream.rangeClosed(5, 1_004).boxed().toList());
			await().atMost(LIMIT).untilAsserted(() -> assertThat(handled).hasSize(1_004));
			await().atMost(LIMIT).until(queue::isDrained);
			assertThat(handled).containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 1_004).boxed().toList());
		}
	}

	@ParameterizedTest
	@MethodSource("contenders")
	void takesTheSameNumberTwice(QueueContender contender) throws Exception {
		try (JobQueue queue = contender.open(database(), SETTINGS)) {
			ConcurrentLinkedQueue<Long> handled = new ConcurrentLinkedQueue<>();
			queue.enqueue(1);
			queue.enqueueAll(List.of(1L, 1L));
			queue.consume(handled::add);
			await().atMost(LIMIT).until(queue::isDrained);
			assertThat(handled).containsExactly(1L, 1L, 1L);
		}
	}

	@ParameterizedTest
	@MethodSource("contenders")
	void isNotDrainedWhileAMessageIsHandled(QueueContender contender) throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		try (JobQueue queue = contender.open(database(), SETTINGS)) {
			queue.enqueue(1);
			queue.consume((value) -> {
				begun.countDown();
				awaitUninterrupted(goOn);
			});
			assertThat(begun.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			assertThat(queue.isDrained()).isFalse();
			goOn.countDown();
			await().atMost(LIMIT).until(queue::isDrained);
		}
	}

	@ParameterizedTest
	@MethodSource("contenders")
	void closesSoonAlthoughMessagesAreLeft(QueueContender contender) throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		JobQueue queue = contender.open(database(), SETTINGS);
		queue.fill(5_000);
		queue.consume((value) -> begun.countDown());
		assertThat(begun.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertTimeout(CLOSE_LIMIT, queue::close);
	}

	@Test
	void claimsOfTheRustShapeEndWithTheBacklog() throws Exception {
		try (ClaimContender.Consumer consumer = new RustShapedClaims().open(database(), 15)) {
			consumer.claim(10).complete();
			assertThat(messagesLeft()).isEqualTo(5);
			consumer.claim(10).complete();
			assertThat(messagesLeft()).isZero();
		}
	}

	private int messagesLeft() {
		return JdbcClient.create(database().direct())
			.sql("SELECT count(*) FROM rust_shaped_messages WHERE archived_at IS NULL")
			.query(Integer.class)
			.single();
	}

	private static void awaitUninterrupted(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
