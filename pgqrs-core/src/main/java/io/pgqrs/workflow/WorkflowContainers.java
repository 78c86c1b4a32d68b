package io.pgqrs.workflow;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.pgqrs.Arguments;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueDefinition;
import io.pgqrs.WorkflowQueues;
import io.pgqrs.listener.AckMode;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpoint;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;

/**
 * Gives each workflow a container that executes its runs. The id of the container is the
 * name of the queue, {@code workflow:name}, by which the
 * {@link PgqrsListenerEndpointRegistry} knows it.
 *
 * @since 0.1
 */
public final class WorkflowContainers {

	private final WorkflowEngine engine;

	private final QueueCatalog catalog;

	private final PgqrsListenerEndpointRegistry endpoints;

	private final PgqrsListenerContainerFactory factory;

	private final Map<String, WorkflowOptions> overrides;

	private Duration retention = Duration.ofDays(30);

	private Duration failedRetention = Duration.ofDays(30);

	/**
	 * Makes them.
	 * @param engine executes runs
	 * @param catalog the queues
	 * @param endpoints keeps the containers
	 * @param factory makes the containers
	 * @param overrides options by the name of a workflow, which count more than its own
	 */
	public WorkflowContainers(WorkflowEngine engine, QueueCatalog catalog, PgqrsListenerEndpointRegistry endpoints,
			PgqrsListenerContainerFactory factory, Map<String, WorkflowOptions> overrides) {
		this.engine = engine;
		this.catalog = catalog;
		this.endpoints = endpoints;
		this.factory = factory;
		this.overrides = Map.copyOf(overrides);
	}

	/**
	 * Sets how long runs are kept that succeeded or were cancelled, where a workflow does
	 * not ask for another time. A key is remembered as long as its run.
	 * @param retention from a millisecond to a hundred years, default 30 days
	 */
	public void setRetention(Duration retention) {
		this.retention = Arguments.positive("retention", retention);
	}

	/**
	 * Sets how long runs are kept that ended with an error, and so can be retried, where
	 * a workflow does not ask for another time.
	 * @param failedRetention from a millisecond to a hundred years, default 30 days
	 */
	public void setFailedRetention(Duration failedRetention) {
		this.failedRetention = Arguments.positive("failedRetention", failedRetention);
	}

	/**
	 * Adds a workflow, and a container that starts with the others.
	 * @param definition the workflow
	 * @param options what it asks for
	 * @return its container
	 * @throws DuplicateWorkflowException if there is one of that name
	 * @throws IllegalArgumentException if an option is out of its range
	 */
	public PgqrsListenerContainer register(WorkflowDefinition definition, WorkflowOptions options) {
		this.engine.registry().register(definition);
		this.engine.results().listen();
		String queue = WorkflowQueues.of(definition.name());
		WorkflowOptions all = this.overrides.getOrDefault(definition.name(), WorkflowOptions.INHERITED).over(options);
		this.catalog.declare(QueueDefinition.named(queue)
			.retention((all.retention() != null) ? all.retention() : this.retention)
			.deadLetterRetention((all.failedRetention() != null) ? all.failedRetention() : this.failedRetention));
		// A run is not given up by the queue, whose dead letters know nothing of runs:
		// the engine counts for itself.
		return this.endpoints.register(new PgqrsListenerEndpoint(queue, List.of(queue),
				new WorkflowListener(this.engine, definition), null, all.concurrency(), null, false, AckMode.ON_SUCCESS,
				all.visibilityTimeout(), null, Integer.MAX_VALUE, all.autoStartup()), this.factory);
	}

}
