package io.pgqrs.annotation;

import java.util.ArrayList;
import java.util.List;

import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpoint;

/** Makes containers that consume nothing, and keeps what it was asked for. */
final class RecordingContainerFactory implements PgqrsListenerContainerFactory {

	private final List<PgqrsListenerEndpoint> endpoints = new ArrayList<>();

	private final List<FakeContainer> containers = new ArrayList<>();

	private final ContainerOptions defaults;

	RecordingContainerFactory() {
		this(ContainerOptions.builder().build());
	}

	RecordingContainerFactory(ContainerOptions defaults) {
		this.defaults = defaults;
	}

	@Override
	public PgqrsListenerContainer createContainer(PgqrsListenerEndpoint endpoint) {
		ContainerOptions.Builder options = this.defaults.toBuilder();
		if (endpoint.concurrency() != null) {
			options.concurrency(endpoint.concurrency());
		}
		if (endpoint.batch() != null) {
			options.batch(endpoint.batch());
		}
		FakeContainer container = new FakeContainer(endpoint, options.build());
		this.endpoints.add(endpoint);
		this.containers.add(container);
		return container;
	}

	List<PgqrsListenerEndpoint> endpoints() {
		return this.endpoints;
	}

	/** The only endpoint. */
	PgqrsListenerEndpoint endpoint() {
		if (this.endpoints.size() != 1) {
			throw new AssertionError("Not one endpoint: " + this.endpoints);
		}
		return this.endpoints.get(0);
	}

	PgqrsListenerEndpoint endpoint(String id) {
		return this.endpoints.stream().filter((endpoint) -> endpoint.id().equals(id)).findFirst().orElseThrow();
	}

	List<FakeContainer> containers() {
		return this.containers;
	}

	/** Runs, and does nothing. */
	static final class FakeContainer implements PgqrsListenerContainer {

		private final PgqrsListenerEndpoint endpoint;

		private final ContainerOptions options;

		private boolean running;

		FakeContainer(PgqrsListenerEndpoint endpoint, ContainerOptions options) {
			this.endpoint = endpoint;
			this.options = options;
		}

		@Override
		public String getListenerId() {
			return this.endpoint.id();
		}

		@Override
		public List<String> getQueues() {
			return this.endpoint.queues();
		}

		@Override
		public ContainerOptions getOptions() {
			return this.options;
		}

		@Override
		public void pause() {
		}

		@Override
		public void resume() {
		}

		@Override
		public boolean isPaused() {
			return false;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

}
