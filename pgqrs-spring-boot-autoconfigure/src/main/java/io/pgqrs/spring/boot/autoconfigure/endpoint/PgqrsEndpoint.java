package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.time.temporal.ChronoUnit;
import java.util.List;

import io.pgqrs.PgqrsAdmin;
import io.pgqrs.WorkerInfo;
import io.pgqrs.spring.boot.autoconfigure.DatabaseCheck;
import io.pgqrs.spring.boot.autoconfigure.DatabaseCheck.Result;
import io.pgqrs.spring.boot.autoconfigure.LocalConsumers;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler.Sample;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.DatabaseDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.OverviewDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.SchemaDescriptor;
import io.pgqrs.store.SchemaStatus;
import io.pgqrs.store.WorkerRecord;
import io.pgqrs.workflow.WorkflowOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@link Endpoint @Endpoint} to see and steer queues, listeners and workflows. The
 * overview is the same everywhere; the rest has paths on the web and names on JMX.
 *
 * @since 0.1
 */
@Endpoint(id = "pgqrs")
public class PgqrsEndpoint {

	private final DatabaseCheck database;

	private final LocalConsumers consumers;

	private final ListenerResource listeners;

	private final QueueResource queues;

	private final WorkflowResource workflows;

	/**
	 * Makes an endpoint.
	 * @param admin steers queues
	 * @param database is asked for the overview
	 * @param sampler knows what the database holds
	 * @param consumers has the containers of this process
	 * @param workflows steers runs, or null if the application has no workflows
	 */
	public PgqrsEndpoint(PgqrsAdmin admin, DatabaseCheck database, PgqrsSampler sampler, LocalConsumers consumers,
			@Nullable WorkflowOperations workflows) {
		this.database = database;
		this.consumers = consumers;
		this.listeners = new ListenerResource(consumers);
		this.queues = new QueueResource(admin, sampler, this.listeners);
		this.workflows = new WorkflowResource(workflows, admin, sampler, this.listeners);
	}

	/**
	 * All at a glance. While the database is down, only what this process knows by
	 * itself.
	 * @return the overview
	 */
	@ReadOperation
	public OverviewDescriptor overview() {
		Result result = this.database.check();
		SchemaStatus schema = result.schema();
		DatabaseDescriptor database = new DatabaseDescriptor(this.database.database(), result.reachable(),
				(schema != null) ? describe(schema) : null, result.error());
		Sample sample = result.sample();
		if (sample == null) {
			return new OverviewDescriptor(database, this.consumers.wakeUp(), this.listeners.listeners().listeners(),
					null, null, null, null);
		}
		return new OverviewDescriptor(database, this.consumers.wakeUp(), this.listeners.listeners().listeners(),
				sample.age().truncatedTo(ChronoUnit.MILLIS), sample.queues(),
				this.workflows.describe(sample.workflows()), notStopped(sample.workers()));
	}

	private static SchemaDescriptor describe(SchemaStatus schema) {
		return new SchemaDescriptor(schema.state(), schema.version(),
				schema.detail().isEmpty() ? null : schema.detail());
	}

	private static List<WorkerInfo> notStopped(List<WorkerInfo> workers) {
		return workers.stream().filter((worker) -> !worker.status().equals(WorkerRecord.STOPPED)).toList();
	}

	ListenerResource listeners() {
		return this.listeners;
	}

	QueueResource queues() {
		return this.queues;
	}

	WorkflowResource workflows() {
		return this.workflows;
	}

}
