package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.pgqrs.InvalidArgumentException;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.QueueDefinition;
import io.pgqrs.WakeUps;
import io.pgqrs.WorkflowQueues;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.ContainerOptions.Builder;
import io.pgqrs.listener.PgqrsWorker;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.sqlite.SqliteOptions;
import io.pgqrs.workflow.WorkflowContainers;
import io.pgqrs.workflow.WorkflowEngine;
import io.pgqrs.workflow.WorkflowOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/**
 * Turns properties into what pgqrs-core takes. A value that it refuses is reported with
 * the name of its property, which Boot looks up to say where it comes from.
 */
final class PgqrsPropertiesMapper {

	/** Anything else in a key needs brackets. */
	private static final Pattern PLAIN_KEY = Pattern.compile("[a-z0-9-]+");

	private final PgqrsProperties properties;

	PgqrsPropertiesMapper(PgqrsProperties properties) {
		this.properties = properties;
	}

	List<QueueDefinition> queueDefinitions() {
		List<QueueDefinition> definitions = new ArrayList<>();
		this.properties.getQueues().forEach((name, queue) -> definitions.add(queueDefinition(name, queue)));
		return definitions;
	}

	private static QueueDefinition queueDefinition(String name, PgqrsProperties.Queue queue) {
		String prefix = entry("pgqrs.queues", name) + ".";
		QueueDefinition definition = QueueDefinition.named(name);
		definition = apply(definition, prefix + "visibility-timeout", queue.getVisibilityTimeout(),
				QueueDefinition::visibilityTimeout);
		definition = apply(definition, prefix + "max-attempts", queue.getMaxAttempts(), QueueDefinition::maxAttempts);
		definition = backoff(definition, prefix + "backoff.", queue.getBackoff());
		definition = apply(definition, prefix + "on-success", queue.getOnSuccess(), QueueDefinition::onSuccess);
		definition = apply(definition, prefix + "retention", queue.getRetention(), QueueDefinition::retention);
		return apply(definition, prefix + "dead-letter-retention", queue.getDeadLetterRetention(),
				QueueDefinition::deadLetterRetention);
	}

	/**
	 * Name of what a map of properties says about something.
	 * @param map name of the property that is a map
	 * @param key in that map
	 * @return name as one writes it
	 */
	static String entry(String map, String key) {
		return map + (PLAIN_KEY.matcher(key).matches() ? "." + key : "[" + key + "]");
	}

	// One value after the other, so that the message names the one that is wrong.
	private static QueueDefinition backoff(QueueDefinition definition, String prefix,
			PgqrsProperties.Queue.Backoff backoff) {
		Duration initial = backoff.getInitial();
		apply(definition, prefix + "initial", initial, (d, value) -> d.backoff(value, 1, value));
		apply(definition, prefix + "multiplier", backoff.getMultiplier(),
				(d, value) -> d.backoff(initial, value, initial));
		return apply(definition, prefix + "max", backoff.getMax(),
				(d, value) -> d.backoff(initial, backoff.getMultiplier(), value));
	}

	ContainerOptions containerOptions() {
		PgqrsProperties.Listener listener = this.properties.getListener();
		ContainerOptions options = ContainerOptions.builder()
			.autoStartup(listener.isAutoStartup())
			.ackMode(listener.getAckMode())
			.build();
		options = option(options, "pgqrs.listener.concurrency", listener.getConcurrency(), Builder::concurrency);
		options = option(options, "pgqrs.listener.batch-size", listener.getBatchSize(), Builder::batchSize);
		options = option(options, "pgqrs.listener.poll-interval", listener.getPollInterval(), Builder::pollInterval);
		options = option(options, "pgqrs.listener.visibility-timeout", listener.getVisibilityTimeout(),
				Builder::visibilityTimeout);
		options = option(options, "pgqrs.listener.max-attempts", listener.getMaxAttempts(), Builder::maxAttempts);
		return option(options, "pgqrs.listener.shutdown-timeout", listener.getShutdownTimeout(),
				Builder::shutdownTimeout);
	}

	ContainerOptions workflowContainerOptions() {
		PgqrsProperties.Workflow workflow = this.properties.getWorkflow();
		ContainerOptions options = ContainerOptions.builder().autoStartup(workflow.isAutoStartup()).build();
		options = option(options, "pgqrs.workflow.concurrency", workflow.getConcurrency(), Builder::concurrency);
		options = option(options, "pgqrs.workflow.batch-size", workflow.getBatchSize(), Builder::batchSize);
		options = option(options, "pgqrs.workflow.poll-interval", workflow.getPollInterval(), Builder::pollInterval);
		options = option(options, "pgqrs.workflow.visibility-timeout", workflow.getVisibilityTimeout(),
				Builder::visibilityTimeout);
		return option(options, "pgqrs.workflow.shutdown-timeout", workflow.getShutdownTimeout(),
				Builder::shutdownTimeout);
	}

	/**
	 * What a workflow's container would refuse is refused also if there is no such
	 * workflow.
	 */
	Map<String, WorkflowOptions> workflowOverrides() {
		Map<String, WorkflowOptions> overrides = new LinkedHashMap<>();
		ContainerOptions any = ContainerOptions.builder().build();
		this.properties.getWorkflow().getOverrides().forEach((name, workflow) -> {
			String prefix = entry("pgqrs.workflow.overrides", name) + ".";
			option(any, prefix + "concurrency", workflow.getConcurrency(), Builder::concurrency);
			option(any, prefix + "visibility-timeout", workflow.getVisibilityTimeout(), Builder::visibilityTimeout);
			QueueDefinition queue = QueueDefinition.named(WorkflowQueues.of(name));
			apply(queue, prefix + "retention", workflow.getRetention(), QueueDefinition::retention);
			apply(queue, prefix + "failed-retention", workflow.getFailedRetention(), QueueDefinition::retention);
			overrides.put(name, new WorkflowOptions(workflow.getConcurrency(), workflow.getVisibilityTimeout(),
					workflow.getAutoStartup(), workflow.getRetention(), workflow.getFailedRetention()));
		});
		return overrides;
	}

	private static <V> ContainerOptions option(ContainerOptions options, String property, @Nullable V value,
			BiFunction<Builder, V, Builder> setter) {
		return apply(options, property, value, (o, v) -> setter.apply(o.toBuilder(), v).build());
	}

	void configure(WorkflowEngine engine) {
		PgqrsProperties.Workflow workflow = this.properties.getWorkflow();
		set("pgqrs.workflow.max-deliveries", workflow.getMaxDeliveries(), engine::setMaxDeliveries);
		set("pgqrs.workflow.visibility-timeout", workflow.getVisibilityTimeout(), engine::setVisibilityTimeout);
		maxPayloadSize(engine::setMaxPayloadSize);
	}

	void configure(WorkflowContainers containers) {
		PgqrsProperties.Workflow workflow = this.properties.getWorkflow();
		set("pgqrs.workflow.retention", workflow.getRetention(), containers::setRetention);
		set("pgqrs.workflow.failed-retention", workflow.getFailedRetention(), containers::setFailedRetention);
	}

	void maxPayloadSize(LongConsumer setter) {
		set("pgqrs.max-payload-size", this.properties.getMaxPayloadSize(), (size) -> setter.accept(size.toBytes()));
	}

	SqliteOptions sqliteOptions() {
		PgqrsProperties.Sqlite sqlite = this.properties.getSqlite();
		SqliteOptions options = SqliteOptions.defaults().withSynchronous(sqlite.getSynchronous());
		return apply(options, "pgqrs.sqlite.busy-timeout", sqlite.getBusyTimeout(), SqliteOptions::withBusyTimeout);
	}

	PgqrsWorker worker(PgqrsStore store, WakeUps wakeUps, String defaultName) {
		PgqrsProperties.Worker worker = this.properties.getWorker();
		String name = StringUtils.hasText(worker.getName()) ? worker.getName() : defaultName;
		Duration heartbeat = worker.getHeartbeatInterval();
		PgqrsWorker usual = checked("pgqrs.worker.heartbeat-interval", heartbeat,
				() -> new PgqrsWorker(store, wakeUps, name, heartbeat));
		Duration deadAfter = worker.getDeadAfter();
		return (deadAfter == null) ? usual : checked("pgqrs.worker.dead-after", deadAfter,
				() -> new PgqrsWorker(store, wakeUps, name, heartbeat, deadAfter));
	}

	void configure(PgqrsAdmin admin) {
		Duration deadAfter = this.properties.getWorker().getDeadAfter();
		Duration heartbeat = this.properties.getWorker().getHeartbeatInterval();
		if (deadAfter != null) {
			set("pgqrs.worker.dead-after", deadAfter, admin::setDeadAfter);
		}
		else {
			set("pgqrs.worker.heartbeat-interval", heartbeat,
					(value) -> admin.setDeadAfter(PgqrsWorker.deadAfter(value)));
		}
	}

	private static <T, V> T apply(T target, String property, @Nullable V value, BiFunction<T, V, T> setter) {
		return (value != null) ? checked(property, value, () -> setter.apply(target, value)) : target;
	}

	private static <V> void set(String property, V value, Consumer<V> setter) {
		checked(property, value, () -> {
			setter.accept(value);
			return value;
		});
	}

	/**
	 * Uses the value of a property.
	 * @param <T> type of the result
	 * @param property its name
	 * @param value its value
	 * @param use throws an exception that says what is wrong with the value
	 * @return what the use returns
	 * @throws InvalidConfigurationPropertyValueException if it throws
	 */
	static <T> T checked(String property, Object value, Supplier<T> use) {
		try {
			return use.get();
		}
		catch (IllegalArgumentException | InvalidArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(property, value, ex.getMessage(), ex);
		}
	}

}
