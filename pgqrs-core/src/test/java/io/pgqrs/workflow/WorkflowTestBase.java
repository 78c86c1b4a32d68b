package io.pgqrs.workflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.listener.PgqrsWorker;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.test.TestDatabase;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** A database, and processes on it that execute workflows. */
abstract class WorkflowTestBase {

	static final Duration PATIENCE = Duration.ofSeconds(15);

	/** Long enough to be noticed if a test had to wait for it. */
	static final Duration LONG = Duration.ofMinutes(10);

	static final StepOptions QUICK = StepOptions.defaults().backoff(Duration.ofMillis(10));

	/** What the workflows of a test did, in order. */
	final Queue<String> log = new ConcurrentLinkedQueue<>();

	private final List<Node> nodes = new ArrayList<>();

	TestDatabase database;

	abstract TestDatabase createDatabase();

	@BeforeEach
	void openDatabase() {
		this.database = createDatabase();
	}

	@AfterEach
	void closeDatabase() {
		this.nodes.forEach(Node::close);
		this.database.close();
	}

	/** A process on the store of the database. */
	Node node() {
		return node(this.database.store());
	}

	Node node(PgqrsStore store) {
		return node(store,
				ContainerOptions.builder()
					.concurrency(2)
					.pollInterval(Duration.ofMillis(50))
					.shutdownTimeout(Duration.ofSeconds(5))
					.build());
	}

	Node node(PgqrsStore store, ContainerOptions options) {
		Node node = new Node(store, options);
		this.nodes.add(node);
		return node;
	}

	/** A process that executes a workflow. */
	Node executing(String workflow, WorkflowFunction<String, ?> function) {
		return executing(workflow, String.class, function);
	}

	<I> Node executing(String workflow, Class<I> inputType, WorkflowFunction<I, ?> function) {
		Node node = node();
		node.register(WorkflowDefinition.of(workflow, inputType, function));
		node.start();
		return node;
	}

	/** A body of a step that says that it was executed. */
	<T> T did(String what, T result) {
		this.log.add(what);
		return result;
	}

	static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).untilAsserted(assertion);
	}

	void awaitStatus(WorkflowOperations workflows, long runId, RunStatus status) {
		await(() -> assertThat(workflows.get(runId).status()).isEqualTo(status));
	}

	/** What one process has. */
	static final class Node implements AutoCloseable {

		final PgqrsStore store;

		final QueueCatalog catalog;

		final WakeUps wakeUps;

		final PgqrsTemplate pgqrs;

		final WorkflowEngine engine;

		final WorkflowTemplate workflows;

		final PgqrsListenerEndpointRegistry endpoints = new PgqrsListenerEndpointRegistry();

		final WorkflowContainers containers;

		private Node(PgqrsStore store, ContainerOptions options) {
			this.store = store;
			this.catalog = new QueueCatalog(store.queues(), QueueNotFoundStrategy.CREATE, List.of());
			this.wakeUps = new WakeUps(store.wakeUps());
			PayloadJson json = new PayloadJson(JsonMapper.shared());
			this.pgqrs = new PgqrsTemplate(store, this.catalog, this.wakeUps, json);
			this.engine = new WorkflowEngine(store, this.wakeUps, json);
			this.workflows = new WorkflowTemplate(this.engine, this.catalog);
			DefaultPgqrsListenerContainerFactory factory = new DefaultPgqrsListenerContainerFactory(store, this.catalog,
					this.wakeUps, json,
					new PgqrsWorker(store, this.wakeUps, "tests", Duration.ofMillis(200), Duration.ofSeconds(30)));
			factory.setOptions(options);
			this.containers = new WorkflowContainers(this.engine, this.catalog, this.endpoints, factory, Map.of());
		}

		void register(WorkflowDefinition definition) {
			this.containers.register(definition, WorkflowOptions.INHERITED);
		}

		void start() {
			this.endpoints.start();
		}

		@Override
		public void close() {
			this.endpoints.stop();
			this.engine.close();
			this.wakeUps.close();
		}

	}

}
