package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.util.List;

import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.spring.boot.autoconfigure.LocalConsumers;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.ListenerActionDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.ListenerDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.ListenersDescriptor;
import org.jspecify.annotations.Nullable;

/** Containers of this process. */
final class ListenerResource {

	private final LocalConsumers consumers;

	ListenerResource(LocalConsumers consumers) {
		this.consumers = consumers;
	}

	ListenersDescriptor listeners() {
		return new ListenersDescriptor(
				this.consumers.containers().stream().map((container) -> describe(container, false)).toList());
	}

	List<ListenerDescriptor> consuming(String queue) {
		return listeners().listeners().stream().filter((listener) -> listener.queues().contains(queue)).toList();
	}

	ListenerDescriptor listener(String id) {
		return describe(require(id), true);
	}

	private static ListenerDescriptor describe(PgqrsListenerContainer container, boolean withOptions) {
		return new ListenerDescriptor(container.getListenerId(), container.getQueues(), container.getState(),
				container.isPaused(), withOptions ? container.getOptions() : null);
	}

	private PgqrsListenerContainer require(String id) {
		PgqrsListenerContainer container = this.consumers.find(id);
		if (container == null) {
			throw new ResourceNotFoundException("This process has no listener '" + id + "'. There are "
					+ this.consumers.containers().stream().map(PgqrsListenerContainer::getListenerId).toList());
		}
		return container;
	}

	ListenerActionDescriptor act(String id, @Nullable String action) {
		PgqrsListenerContainer container = require(id);
		switch (String.valueOf(action)) {
			case "start" -> container.start();
			// Does not wait for handlers: they may run as long as the shutdown timeout.
			case "stop" -> container.stop(() -> {
			});
			case "pause" -> container.pause();
			case "resume" -> container.resume();
			default -> throw RequestValues.unknownAction(action, "listener", "start", "stop", "pause", "resume");
		}
		return new ListenerActionDescriptor(id, String.valueOf(action), container.getState());
	}

}
