package io.pgqrs.listener;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.test.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/** The database is gone when a container stops. */
class StopWithoutDatabaseTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@Test
	void allThreadsEndAlthoughNothingCanBeGivenBack() throws InterruptedException, IOException {
		try (TestDatabase database = TestDatabase.sqlite()) {
			PgqrsStore store = database.store();
			QueueCatalog catalog = new QueueCatalog(store.queues(), QueueNotFoundStrategy.CREATE, List.of());
			WakeUps wakeUps = new WakeUps(store.wakeUps());
			PayloadJson json = new PayloadJson(JsonMapper.shared());
			PgqrsTemplate pgqrs = new PgqrsTemplate(store, catalog, wakeUps, json);
			ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
			threads.setCorePoolSize(4);
			threads.initialize();
			DefaultPgqrsListenerContainerFactory factory = new DefaultPgqrsListenerContainerFactory(store, catalog,
					wakeUps, json,
					new PgqrsWorker(store, wakeUps, "tests", Duration.ofSeconds(1), Duration.ofSeconds(9)));
			factory.setTaskExecutor(threads);
			CountDownLatch slow = new CountDownLatch(1);
			CountDownLatch release = new CountDownLatch(1);
			PgqrsListenerContainer container = factory
				.createContainer(PgqrsListenerEndpoint.of("l", List.of("jobs"), (messages, acknowledgment) -> {
					if (messages.get(0).payload(String.class).equals("slow")) {
						slow.countDown();
						release.await();
					}
				}));
			container.start();
			// Quick messages let the container claim ahead, so that some are given back.
			pgqrs.enqueueAll("jobs", IntStream.range(0, 100).mapToObj((i) -> "quick").toList());
			Awaitility.await().atMost(PATIENCE).until(() -> store.queues().counts("jobs").get(0).archived() == 100);
			pgqrs.enqueueAll("jobs", List.of("slow", "waiting", "waiting"));
			assertThat(slow.await(10, TimeUnit.SECONDS)).isTrue();
			Awaitility.await().atMost(PATIENCE).until(() -> store.queues().counts("jobs").get(0).inFlight() == 3);
			((Closeable) store.dataSource()).close();
			CountDownLatch stopped = new CountDownLatch(1);
			container.stop(stopped::countDown);
			release.countDown();
			assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
			Awaitility.await().atMost(PATIENCE).until(() -> threads.getActiveCount() == 0);
			threads.shutdown();
		}
	}

}
