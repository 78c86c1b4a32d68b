package io.pgqrs.listener.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Acknowledgment;
import io.pgqrs.listener.PgqrsHeaders;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.GenericMessage;

/** The arguments of a listener that takes all messages of a claim at once. */
final class BatchArguments extends ListenerArguments {

	BatchArguments(ListenerMethod method, ArgumentResolution resolution) {
		super(method, resolvers(method, resolution));
	}

	private static List<HandlerMethodArgumentResolver> resolvers(ListenerMethod method, ArgumentResolution resolution) {
		BatchArgumentResolver batch = new BatchArgumentResolver(method, resolution.validator());
		List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>();
		resolvers.add(new DeliveryArgumentResolver.OfBatch());
		resolvers.addAll(resolution.customResolvers());
		for (MethodParameter parameter : method.getMethodParameters()) {
			if (resolvers.stream().noneMatch((resolver) -> resolver.supportsParameter(parameter))) {
				batch.check(parameter);
			}
		}
		resolvers.add(batch);
		return resolvers;
	}

	@Override
	Message<?> message(List<QueueMessage> messages, Acknowledgment acknowledgment) {
		return new GenericMessage<>(List.copyOf(messages),
				Map.of(PgqrsHeaders.QUEUE, messages.get(0).queue(), PgqrsHeaders.ACKNOWLEDGMENT, acknowledgment));
	}

}
