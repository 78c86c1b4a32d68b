package io.pgqrs.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.test.RequiresPgBouncer;
import io.pgqrs.test.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Several processes behind a PgBouncer that has fewer connections than they. */
@RequiresPgBouncer
class PgBouncerPoolingTests {

	/** Of each producer. */
	private static final int MESSAGES = 150;

	private final List<Node> nodes = new ArrayList<>();

	private TestDatabase database;

	@BeforeEach
	void open() {
		this.database = TestDatabase.pgBouncer();
		this.database.sql("DROP TABLE IF EXISTS pooling_effects").update();
		this.database.sql("CREATE TABLE pooling_effects (message_id bigint NOT NULL)").update();
	}

	@AfterEach
	void close() {
		this.nodes.forEach(Node::close);
		this.database.sql("DROP TABLE pooling_effects").update();
		this.database.close();
	}

	private Node node() {
		Node node = new Node(this.database.anotherStore());
		this.nodes.add(node);
		return node;
	}

	@Test
	void whatAnotherProcessEnqueuesIsFoundByPolling() {
		Node consumer = node();
		Queue<Long> handled = new ConcurrentLinkedQueue<>();
		consumer.start(ContainerOptions.builder().pollInterval(Duration.ofMillis(100)).build(),
				(messages, acknowledgment) -> handled.add(messages.get(0).id()));
		Node producer = node();
		for (int i = 0; i < 3; i++) {
			long id = producer.pgqrs.enqueue("jobs", "x");
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> handled.contains(id));
		}
		assertThat(consumer.wakeUps.isListening()).isFalse();
	}

	@ParameterizedTest
	@EnumSource(names = { "ON_SUCCESS", "TRANSACTIONAL" })
	void nothingIsLostAndNothingIsDoneTwice(AckMode ackMode) {
		PgqrsAdmin admin = node().admin;
		admin.createQueue("jobs");
		ContainerOptions options = ContainerOptions.builder()
			.concurrency(6)
			.ackMode(ackMode)
			.pollInterval(Duration.ofMillis(100))
			.build();
		for (int i = 0; i < 3; i++) {
			Node consumer = node();
			JdbcClient jdbc = JdbcClient.create(consumer.store.dataSource());
			consumer.start(options,
					(messages, acknowledgment) -> jdbc.sql("INSERT INTO pooling_effects VALUES (:id)")
						.param("id", messages.get(0).id())
						.update());
		}
		List<Node> producers = Stream.generate(this::node).limit(4).toList();
		producers.stream()
			.map((producer) -> CompletableFuture.runAsync(producer::produce))
			.toList()
			.forEach(CompletableFuture::join);
		int all = producers.size() * MESSAGES;
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(admin.metrics("jobs").archived()).isEqualTo(all));
		List<Long> effects = this.database.sql("SELECT message_id FROM pooling_effects").query(Long.class).list();
		assertThat(effects).hasSize(all).doesNotHaveDuplicates();
	}

	/** What one process has. */
	private static final class Node {

		private final PgqrsStore store;

		private final QueueCatalog catalog;

		private final WakeUps wakeUps;

		private final PgqrsTemplate pgqrs;

		private final PgqrsAdmin admin;

		private final List<PgqrsListenerContainer> containers = new ArrayList<>();

		Node(PgqrsStore store) {
			this.store = store;
			this.catalog = new QueueCatalog(store.queues(), QueueNotFoundStrategy.CREATE, List.of());
			this.wakeUps = new WakeUps(store.wakeUps());
			this.pgqrs = new PgqrsTemplate(store, this.catalog, this.wakeUps, new PayloadJson(JsonMapper.shared()));
			this.admin = new PgqrsAdmin(store, this.catalog, this.wakeUps);
		}

		void produce() {
			for (int i = 0; i < MESSAGES; i++) {
				this.pgqrs.enqueue("jobs", i);
			}
		}

		void start(ContainerOptions options, PgqrsMessageListener listener) {
			this.wakeUps.listen();
			DefaultPgqrsListenerContainerFactory factory = new DefaultPgqrsListenerContainerFactory(this.store,
					this.catalog, this.wakeUps, new PayloadJson(JsonMapper.shared()),
					new PgqrsWorker(this.store, this.wakeUps, "tests", Duration.ofSeconds(1), Duration.ofSeconds(30)));
			factory.setOptions(options);
			PgqrsListenerContainer container = factory
				.createContainer(PgqrsListenerEndpoint.of("jobs", List.of("jobs"), listener));
			this.containers.add(container);
			container.start();
		}

		void close() {
			this.containers.forEach(PgqrsListenerContainer::stop);
			this.wakeUps.close();
		}

	}

}
