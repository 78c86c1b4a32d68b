package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.pgqrs.InvalidArgumentException;
import io.pgqrs.QueueDefinition;
import io.pgqrs.WakeUps;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.PgqrsWorker;
import io.pgqrs.store.WorkerStore;
import io.pgqrs.store.sqlite.SqliteOptions;
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
		String prefix = "pgqrs.queues" + (PLAIN_KEY.matcher(name).matches() ? "." + name : "[" + name + "]") + ".";
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
		options = option(options, "concurrency", listener.getConcurrency(), ContainerOptions.Builder::concurrency);
		options = option(options, "batch-size", listener.getBatchSize(), ContainerOptions.Builder::batchSize);
		options = option(options, "poll-interval", listener.getPollInterval(), ContainerOptions.Builder::pollInterval);
		options = option(options, "visibility-timeout", listener.getVisibilityTimeout(),
				ContainerOptions.Builder::visibilityTimeout);
		options = option(options, "max-attempts", listener.getMaxAttempts(), ContainerOptions.Builder::maxAttempts);
		return option(options, "shutdown-timeout", listener.getShutdownTimeout(),
				ContainerOptions.Builder::shutdownTimeout);
	}

	private static <V> ContainerOptions option(ContainerOptions options, String name, @Nullable V value,
			BiFunction<ContainerOptions.Builder, V, ContainerOptions.Builder> setter) {
		return apply(options, "pgqrs.listener." + name, value, (o, v) -> setter.apply(o.toBuilder(), v).build());
	}

	SqliteOptions sqliteOptions() {
		PgqrsProperties.Sqlite sqlite = this.properties.getSqlite();
		SqliteOptions options = SqliteOptions.defaults().withSynchronous(sqlite.getSynchronous());
		return apply(options, "pgqrs.sqlite.busy-timeout", sqlite.getBusyTimeout(), SqliteOptions::withBusyTimeout);
	}

	PgqrsWorker worker(WorkerStore store, WakeUps wakeUps, String defaultName) {
		PgqrsProperties.Worker worker = this.properties.getWorker();
		String name = StringUtils.hasText(worker.getName()) ? worker.getName() : defaultName;
		Duration heartbeat = worker.getHeartbeatInterval();
		checked("pgqrs.worker.heartbeat-interval", heartbeat,
				() -> new PgqrsWorker(store, wakeUps, name, heartbeat, heartbeat.multipliedBy(2)));
		return checked("pgqrs.worker.dead-after", worker.getDeadAfter(),
				() -> new PgqrsWorker(store, wakeUps, name, heartbeat, worker.getDeadAfter()));
	}

	private static <T, V> T apply(T target, String property, @Nullable V value, BiFunction<T, V, T> setter) {
		return (value != null) ? checked(property, value, () -> setter.apply(target, value)) : target;
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
