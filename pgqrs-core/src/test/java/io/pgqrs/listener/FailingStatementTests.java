package io.pgqrs.listener;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueMessage;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.store.MessageStore;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.QueueCounts;
import io.pgqrs.store.jdbc.JdbcStore;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.test.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;

/** One statement of a container fails, and the next ones work again. */
class FailingStatementTests {

	@Test
	void messagesBesideOneThatCouldNotBeBuriedAreDeliveredAgain() {
		try (TestDatabase database = TestDatabase.sqlite()) {
			PgqrsStore store = failingOnce(database.store(), "deadLetter");
			QueueCatalog catalog = new QueueCatalog(store.queues(), QueueNotFoundStrategy.CREATE, List.of());
			WakeUps wakeUps = new WakeUps(store.wakeUps());
			PayloadJson json = new PayloadJson(JsonMapper.shared());
			new PgqrsTemplate(store, catalog, wakeUps, json).enqueueAll("jobs", List.of("bad", "good", "good"));
			DefaultPgqrsListenerContainerFactory factory = new DefaultPgqrsListenerContainerFactory(store, catalog,
					wakeUps, json,
					new PgqrsWorker(store, wakeUps, "tests", Duration.ofSeconds(1), Duration.ofSeconds(9)));
			factory.setOptions(ContainerOptions.builder()
				.batch(true)
				.visibilityTimeout(Duration.ofMillis(500))
				.pollInterval(Duration.ofMillis(100))
				.build());
			PgqrsListenerContainer container = factory
				.createContainer(PgqrsListenerEndpoint.of("l", List.of("jobs"), (messages, acknowledgment) -> {
					for (QueueMessage message : messages) {
						if (message.payload(String.class).equals("bad")) {
							throw new UnreadableMessagesException(Map.of(message, new IllegalArgumentException("bad")));
						}
					}
				}));
			container.start();
			Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
				QueueCounts counts = store.queues().counts("jobs").get(0);
				assertThat(counts.archived()).isEqualTo(2);
				assertThat(counts.dead()).isOne();
			});
			container.stop();
		}
	}

	private static PgqrsStore failingOnce(PgqrsStore store, String method) {
		AtomicBoolean failed = new AtomicBoolean();
		MessageStore messages = (MessageStore) Proxy.newProxyInstance(MessageStore.class.getClassLoader(),
				new Class<?>[] { MessageStore.class }, (proxy, called, arguments) -> {
					if (called.getName().equals(method) && failed.compareAndSet(false, true)) {
						throw new DataAccessResourceFailureException("gone for a moment");
					}
					try {
						return called.invoke(store.messages(), arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
		return new JdbcStore(store.database(), store.dataSource(), new StoreTransactions(store.dataSource()),
				store.schema(), store.queues(), messages, store.deadLetters(), store.runs(), store.steps(),
				store.workers(), store.maintenance(), store.availability(), store.wakeUps());
	}

}
