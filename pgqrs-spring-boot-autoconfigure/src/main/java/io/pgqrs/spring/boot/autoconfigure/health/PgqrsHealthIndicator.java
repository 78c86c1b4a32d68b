package io.pgqrs.spring.boot.autoconfigure.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.pgqrs.QueueMetrics;
import io.pgqrs.WorkerInfo;
import io.pgqrs.listener.ContainerState;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.spring.boot.autoconfigure.DatabaseCheck;
import io.pgqrs.spring.boot.autoconfigure.DatabaseCheck.Result;
import io.pgqrs.spring.boot.autoconfigure.LocalConsumers;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler.Sample;
import io.pgqrs.store.SchemaStatus;
import io.pgqrs.store.SchemaStatus.State;
import io.pgqrs.store.WorkerRecord;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * {@link HealthIndicator} of whether this process can do its work: the database answers
 * and has the right tables, and the containers consume. Much work to do is no illness,
 * nor is a container that somebody paused or stopped.
 *
 * @since 0.1
 */
public class PgqrsHealthIndicator extends AbstractHealthIndicator {

	private final DatabaseCheck database;

	private final LocalConsumers consumers;

	private final boolean schemaIsOurs;

	private final Duration recovery;

	/** Since when a container was found recovering each time, as nanoseconds. */
	private final Map<String, Long> recovering = new HashMap<>();

	/**
	 * Makes an indicator.
	 * @param database is asked
	 * @param consumers has the containers of this process
	 * @param schemaIsOurs whether the tables were installed or checked by this library,
	 * which then has a record of them
	 * @param recovery how long a container may try in vain while the database answers
	 */
	public PgqrsHealthIndicator(DatabaseCheck database, LocalConsumers consumers, boolean schemaIsOurs,
			Duration recovery) {
		super("The health check of pgqrs failed");
		this.database = database;
		this.consumers = consumers;
		this.schemaIsOurs = schemaIsOurs;
		this.recovery = recovery;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		List<String> problems = new ArrayList<>();
		Result result = this.database.check();
		builder.withDetail("database", this.database.database());
		checkDatabase(result, problems, builder);
		builder.withDetail("wakeUp", this.consumers.wakeUp());
		checkContainers(result.reachable(), problems, builder);
		String startup = this.consumers.startupProblem();
		if (startup != null) {
			problems.add("The startup of pgqrs is not done yet, and tries on: " + startup);
		}
		if (this.consumers.isHeartbeatOverdue()) {
			problems.add("The heartbeat of this process is overdue: others may declare it dead");
		}
		if (result.sample() != null) {
			describe(result.sample(), builder);
		}
		if (problems.isEmpty()) {
			builder.up();
		}
		else {
			builder.down().withDetail("problems", problems);
		}
	}

	private void checkDatabase(Result result, List<String> problems, Health.Builder builder) {
		SchemaStatus schema = result.schema();
		if (schema != null) {
			builder.withDetail("schema", describe(schema));
			if (!fits(schema)) {
				problems.add("The schema is " + schema.state() + ": " + schema.detail());
			}
		}
		if (!result.reachable()) {
			problems.add("The database cannot be reached: " + result.error());
		}
		else if (result.error() != null) {
			problems.add("The tables cannot be read: " + result.error());
		}
	}

	/**
	 * A newer schema only has more than this library needs, and is there while instances
	 * are upgraded one by one. Who installs the tables by other means need not keep our
	 * record of it; whether they are there, reading them shows.
	 */
	private boolean fits(SchemaStatus schema) {
		return switch (schema.state()) {
			case CURRENT, NEWER -> true;
			case MISSING -> !this.schemaIsOurs;
			case OLDER, DIFFERENT -> false;
		};
	}

	private static Map<String, Object> describe(SchemaStatus schema) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("state", schema.state().name());
		if (schema.version() != null) {
			details.put("version", schema.version());
		}
		if (schema.state() != State.CURRENT) {
			details.put("detail", schema.detail());
		}
		return details;
	}

	private void checkContainers(boolean reachable, List<String> problems, Health.Builder builder) {
		Map<String, String> states = new TreeMap<>();
		for (PgqrsListenerContainer container : this.consumers.containers()) {
			String id = container.getListenerId();
			ContainerState state = container.getState();
			states.put(id, state.name());
			if (state == ContainerState.FAILED) {
				problems.add("Listener '" + id + "' stopped because of an error");
			}
			if (recoversInVain(id, reachable && state == ContainerState.RECOVERING)) {
				problems.add("Listener '" + id + "' has not been able to consume for " + this.recovery
						+ " or more, although the database answers");
			}
		}
		builder.withDetail("listeners", states);
	}

	/**
	 * One failed statement is no illness, and after an outage a container looks again
	 * only after a while.
	 */
	private synchronized boolean recoversInVain(String id, boolean isRecovering) {
		if (!isRecovering) {
			this.recovering.remove(id);
			return false;
		}
		long now = System.nanoTime();
		long since = this.recovering.computeIfAbsent(id, (key) -> now);
		return now - since >= this.recovery.toNanos();
	}

	private static void describe(Sample sample, Health.Builder builder) {
		builder.withDetail("workers", workers(sample.workers()));
		Map<String, Object> queues = new TreeMap<>();
		sample.queues().forEach((queue) -> queues.put(queue.queue(), queue(queue)));
		builder.withDetail("queues", queues);
	}

	private static Map<String, Object> workers(List<WorkerInfo> workers) {
		Map<String, Object> details = new LinkedHashMap<>();
		List<WorkerInfo> running = withStatus(workers, WorkerRecord.RUNNING);
		details.put("running", running.size());
		details.put("dead", withStatus(workers, WorkerRecord.DEAD).size());
		running.stream()
			.map(WorkerInfo::heartbeatAge)
			.max(Duration::compareTo)
			.ifPresent((age) -> details.put("oldestHeartbeatAge", age.toString()));
		return details;
	}

	private static List<WorkerInfo> withStatus(List<WorkerInfo> workers, String status) {
		return workers.stream().filter((worker) -> worker.status().equals(status)).toList();
	}

	private static Map<String, Object> queue(QueueMetrics queue) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("ready", queue.ready());
		details.put("delayed", queue.delayed());
		details.put("inFlight", queue.inFlight());
		details.put("dead", queue.dead());
		Duration oldest = queue.oldestReadyAge();
		if (oldest != null) {
			details.put("oldestReadyAge", oldest.toString());
		}
		details.put("paused", queue.paused());
		return details;
	}

}
