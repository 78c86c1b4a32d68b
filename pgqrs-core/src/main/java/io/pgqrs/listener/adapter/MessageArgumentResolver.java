package io.pgqrs.listener.adapter;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.pgqrs.QueueMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.MessageBuilder;

/** Resolves {@code Message<T>}, with the payload read as T. */
final class MessageArgumentResolver implements HandlerMethodArgumentResolver {

	private final Map<MethodParameter, PayloadType> types = new ConcurrentHashMap<>();

	private final ListenerMethod method;

	MessageArgumentResolver(ListenerMethod method) {
		this.method = method;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == Message.class;
	}

	@Override
	public Message<?> resolveArgument(MethodParameter parameter, Message<?> message) {
		PayloadType type = this.types.computeIfAbsent(parameter,
				(each) -> payloadType(this.method, ResolvableType.forMethodParameter(each)));
		return message((QueueMessage) message.getPayload(), message.getHeaders(), type);
	}

	static PayloadType payloadType(ListenerMethod method, ResolvableType message) {
		return new PayloadType(method, message.as(Message.class).getGeneric(0));
	}

	static Message<?> message(QueueMessage message, MessageHeaders headers, PayloadType type) {
		@Nullable Object payload = type.read(message);
		if (payload == null) {
			throw new MessageConversionException("The payload of message " + message.id() + " in queue '"
					+ message.queue() + "' is null, which a Message cannot hold. Take a QueueMessage");
		}
		return MessageBuilder.createMessage(payload, headers);
	}

}
