package io.pgqrs.listener.adapter;

import java.util.Map;

import io.pgqrs.QueueMessage;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * Resolves {@code @Headers Map<String, String>}: what the sender gave, for pgqrs's own
 * headers are no strings.
 */
final class OwnHeadersArgumentResolver implements HandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(Headers.class) && parameter.getParameterType() == Map.class
				&& ResolvableType.forMethodParameter(parameter).getGeneric(1).resolve() == String.class;
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, Message<?> message) {
		return ((QueueMessage) message.getPayload()).headers();
	}

}
