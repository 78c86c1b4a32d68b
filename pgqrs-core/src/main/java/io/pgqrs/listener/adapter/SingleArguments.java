package io.pgqrs.listener.adapter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Acknowledgment;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.GenericMessage;

/** The arguments of a listener that takes one message at a time. */
final class SingleArguments extends ListenerArguments {

	SingleArguments(ListenerMethod method, ArgumentResolution resolution) {
		super(method, resolvers(method, resolution));
	}

	private static List<HandlerMethodArgumentResolver> resolvers(ListenerMethod method, ArgumentResolution resolution) {
		PayloadArgumentResolver payload = new PayloadArgumentResolver(method, resolution.validator());
		List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>();
		resolvers.add(new HeaderMethodArgumentResolver(resolution.conversionService(), resolution.beanFactory()));
		resolvers.add(new OwnHeadersArgumentResolver());
		resolvers.add(new HeadersMethodArgumentResolver());
		resolvers.add(new DeliveryArgumentResolver());
		resolvers.add(new MessageArgumentResolver(method));
		resolvers.addAll(resolution.customResolvers());
		for (MethodParameter parameter : method.getMethodParameters()) {
			if (parameter.hasParameterAnnotation(Headers.class)
					&& !parameter.getParameterType().isAssignableFrom(MessageHeaders.class)) {
				throw method.invalid(parameter, "is marked with @Headers. It can be a Map<String, Object>, a "
						+ "Map<String, String> of the sender's headers alone, or MessageHeaders");
			}
		}
		List<MethodParameter> payloads = Arrays.stream(method.getMethodParameters())
			.filter((parameter) -> resolvers.stream().noneMatch((resolver) -> resolver.supportsParameter(parameter)))
			.toList();
		payloads.forEach(payload::check);
		if (payloads.size() > 1 && !payloads.stream().allMatch((each) -> each.hasParameterAnnotation(Payload.class))) {
			throw method
				.invalid("it has " + payloads.size() + " parameters that could be the payload. Mark what is not "
						+ "with @Header or @Headers, or each of them with @Payload");
		}
		resolvers.add(payload);
		return resolvers;
	}

	@Override
	Message<?> message(List<QueueMessage> messages, Acknowledgment acknowledgment) {
		QueueMessage message = messages.get(0);
		return new GenericMessage<>(message, new QueueMessageHeaders(message, acknowledgment));
	}

}
