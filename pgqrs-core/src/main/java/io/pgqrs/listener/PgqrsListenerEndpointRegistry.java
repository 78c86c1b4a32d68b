package io.pgqrs.listener;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * All containers of an application context, by the id of their listener. Starts and stops
 * them with the context, all at once.
 *
 * @since 0.1
 */
public class PgqrsListenerEndpointRegistry implements SmartLifecycle {

	private final Map<String, PgqrsListenerContainer> containers = new ConcurrentHashMap<>();

	private int phase = PgqrsListenerContainer.DEFAULT_PHASE;

	private Consumer<Runnable> starter = Runnable::run;

	private volatile boolean running;

	/**
	 * Sets the phase in which containers start and stop.
	 * @param phase default {@link PgqrsListenerContainer#DEFAULT_PHASE}
	 */
	public void setPhase(int phase) {
		this.phase = phase;
	}

	/**
	 * Sets who starts containers when the registry starts, so that it may be done later.
	 * @param starter is given what starts them, to be run now or at any time, once or
	 * until it does not throw; default runs it at once
	 */
	public void setStarter(Consumer<Runnable> starter) {
		this.starter = starter;
	}

	@Override
	public int getPhase() {
		return this.phase;
	}

	/**
	 * Makes and keeps a container. It starts with the registry, or at once if that runs
	 * already, unless its options say that it does not start by itself.
	 * @param endpoint a listener and what it asks for
	 * @param factory makes the container
	 * @return the container
	 * @throws DuplicateListenerIdException if there is a container of that id
	 */
	public PgqrsListenerContainer register(PgqrsListenerEndpoint endpoint, PgqrsListenerContainerFactory factory) {
		if (this.containers.containsKey(endpoint.id())) {
			throw new DuplicateListenerIdException(endpoint.id());
		}
		PgqrsListenerContainer container = factory.createContainer(endpoint);
		if (this.containers.putIfAbsent(endpoint.id(), container) != null) {
			throw new DuplicateListenerIdException(endpoint.id());
		}
		if (this.running && container.isAutoStartup()) {
			this.starter.accept(() -> startIfRunning(container));
		}
		return container;
	}

	/**
	 * A container.
	 * @param id of its listener
	 * @return null if there is none
	 */
	public @Nullable PgqrsListenerContainer getListenerContainer(String id) {
		return this.containers.get(id);
	}

	/**
	 * All containers, running or not.
	 * @return a copy, in no order
	 */
	public Collection<PgqrsListenerContainer> getListenerContainers() {
		return List.copyOf(this.containers.values());
	}

	/**
	 * Ids of all listeners.
	 * @return a copy, in no order
	 */
	public Set<String> getListenerContainerIds() {
		return Set.copyOf(this.containers.keySet());
	}

	@Override
	public void start() {
		// First, so that containers that did start are stopped if another one fails to.
		this.running = true;
		this.starter.accept(this::startContainers);
	}

	/** What fails for one keeps no other from starting. */
	private void startContainers() {
		RuntimeException failure = null;
		for (PgqrsListenerContainer container : this.containers.values()) {
			try {
				if (container.isAutoStartup()) {
					startIfRunning(container);
				}
			}
			catch (RuntimeException ex) {
				failure = (failure != null) ? failure : ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	private void startIfRunning(PgqrsListenerContainer container) {
		if (this.running) {
			container.start();
		}
		if (!this.running) {
			// Stopped meanwhile, by somebody who may have found it not running yet.
			container.stop();
		}
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		Collection<PgqrsListenerContainer> stopping = getListenerContainers();
		AtomicInteger left = new AtomicInteger(stopping.size());
		if (stopping.isEmpty()) {
			callback.run();
		}
		for (PgqrsListenerContainer container : stopping) {
			container.stop(() -> {
				if (left.decrementAndGet() == 0) {
					callback.run();
				}
			});
		}
	}

	@Override
	public void stop() {
		CountDownLatch stopped = new CountDownLatch(1);
		stop(stopped::countDown);
		try {
			stopped.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
