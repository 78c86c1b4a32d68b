package io.pgqrs.benchmarks.contender;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.pgqrs.benchmarks.database.PostgresDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DbosQueueTests {

	private static PostgresDatabase database;

	@BeforeAll
	static void start() {
		database = PostgresDatabase.embedded();
	}

	@AfterAll
	static void stop() {
		database.close();
	}

	@Test
	void messagesWaitUntilTheyAreConsumedAndAreHandledOnceEach() throws Exception {
		database.clean();
		try (JobQueue queue = new DbosQueue().open(database, new QueueSettings(4, 10, true, 5))) {
			assertThat(queue.isDrained()).isTrue();
			queue.fill(10);
			queue.enqueue(10);
			queue.enqueueAll(List.of(11L, 12L));
			assertThat(queue.isDrained()).isFalse();
			Set<Long> handled = ConcurrentHashMap.newKeySet();
			CountDownLatch left = new CountDownLatch(13);
			queue.consume((value) -> {
				handled.add(value);
				left.countDown();
			});
			assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(handled).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
		}
	}

}
