package io.pgqrs.spring.boot.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.pgqrs.WakeUps;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.listener.PgqrsWorker;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * What this process consumes, and how it learns of new messages.
 *
 * @since 0.1
 */
public class LocalConsumers {

	private final ObjectProvider<PgqrsListenerEndpointRegistry> registries;

	private final ObjectProvider<PgqrsListenerContainer> beans;

	private final ObjectProvider<PgqrsWorker> workers;

	private final ObjectProvider<Startup> startups;

	private final WakeUps wakeUps;

	private final boolean mayListen;

	/**
	 * Makes it.
	 * @param registries have the containers of listeners and workflows
	 * @param beans containers that the application made
	 * @param workers in whose name they claim
	 * @param startups may still have to create tables and start containers
	 * @param wakeUps wakes them
	 * @param mayListen whether the application lets other processes wake them
	 */
	LocalConsumers(ObjectProvider<PgqrsListenerEndpointRegistry> registries,
			ObjectProvider<PgqrsListenerContainer> beans, ObjectProvider<PgqrsWorker> workers,
			ObjectProvider<Startup> startups, WakeUps wakeUps, boolean mayListen) {
		this.registries = registries;
		this.beans = beans;
		this.workers = workers;
		this.startups = startups;
		this.wakeUps = wakeUps;
		this.mayListen = mayListen;
	}

	/**
	 * All containers, running or not.
	 * @return by id
	 */
	public List<PgqrsListenerContainer> containers() {
		Map<String, PgqrsListenerContainer> containers = new TreeMap<>();
		Stream
			.concat(this.registries.stream().flatMap((registry) -> registry.getListenerContainers().stream()),
					this.beans.stream())
			.forEach((container) -> containers.putIfAbsent(container.getListenerId(), container));
		return List.copyOf(containers.values());
	}

	/**
	 * A container.
	 * @param id of its listener
	 * @return null if there is none
	 */
	public @Nullable PgqrsListenerContainer find(String id) {
		return containers().stream()
			.filter((container) -> container.getListenerId().equals(id))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Why tables are not created and containers not started yet.
	 * @return null if that is done
	 */
	public @Nullable String startupProblem() {
		return this.startups.stream().map(Startup::problem).filter(Objects::nonNull).findFirst().orElse(null);
	}

	/**
	 * Whether this process has been silent for so long that others may declare it dead.
	 * @return false if it consumes nothing
	 */
	public boolean isHeartbeatOverdue() {
		return this.workers.stream().anyMatch(PgqrsWorker::isOverdue);
	}

	/**
	 * How it learns of what other processes enqueue.
	 * @return {@code listening}, {@code polling} or, if the application chose to poll,
	 * {@code disabled}
	 */
	public String wakeUp() {
		if (!this.mayListen) {
			return "disabled";
		}
		return this.wakeUps.isListening() ? "listening" : "polling";
	}

}
