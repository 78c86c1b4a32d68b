package io.pgqrs.crash;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.listener.PgqrsWorker;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.workflow.WorkflowContainers;
import io.pgqrs.workflow.WorkflowDefinition;
import io.pgqrs.workflow.WorkflowEngine;
import io.pgqrs.workflow.WorkflowOptions;
import io.pgqrs.workflow.WorkflowTemplate;
import tools.jackson.databind.json.JsonMapper;

/** What an instance of an application has to execute workflows. */
final class WorkflowNode implements AutoCloseable {

	private final WakeUps wakeUps;

	private final WorkflowEngine engine;

	private final WorkflowTemplate workflows;

	private final PgqrsListenerEndpointRegistry registry = new PgqrsListenerEndpointRegistry();

	private final WorkflowContainers containers;

	/**
	 * Makes a node.
	 * @param store may be that of other nodes too
	 * @param options of the containers
	 */
	WorkflowNode(PgqrsStore store, ContainerOptions options) {
		this.wakeUps = new WakeUps(store.wakeUps());
		PayloadJson json = new PayloadJson(JsonMapper.shared());
		QueueCatalog catalog = new QueueCatalog(store.queues(), QueueNotFoundStrategy.CREATE, List.of());
		this.engine = new WorkflowEngine(store, this.wakeUps, json);
		this.workflows = new WorkflowTemplate(this.engine, catalog);
		DefaultPgqrsListenerContainerFactory factory = new DefaultPgqrsListenerContainerFactory(store, catalog,
				this.wakeUps, json,
				new PgqrsWorker(store, this.wakeUps, "node", Duration.ofSeconds(1), Duration.ofSeconds(60)));
		factory.setOptions(options);
		this.containers = new WorkflowContainers(this.engine, catalog, this.registry, factory, Map.of());
	}

	void register(WorkflowDefinition definition) {
		this.containers.register(definition, WorkflowOptions.INHERITED);
	}

	/** Executes runs from now on. */
	void start() {
		this.registry.start();
	}

	/** Hears of what other nodes do, as far as the database can tell. */
	void listen() {
		this.wakeUps.listen();
	}

	boolean isListening() {
		return this.wakeUps.isListening();
	}

	WorkflowTemplate workflows() {
		return this.workflows;
	}

	@Override
	public void close() {
		this.registry.stop();
		this.engine.close();
	}

}
