package io.pgqrs.listener.adapter;

import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Acknowledgment;
import io.pgqrs.listener.PgqrsHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/** Resolves {@link QueueMessage} and {@link Acknowledgment}. */
final class DeliveryArgumentResolver implements HandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return type == QueueMessage.class || type == Acknowledgment.class;
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
		return message.getHeaders()
			.get((parameter.getParameterType() == QueueMessage.class) ? PgqrsHeaders.MESSAGE
					: PgqrsHeaders.ACKNOWLEDGMENT);
	}

	/** Resolves the {@link Acknowledgment} of a batch. */
	static final class OfBatch implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return parameter.getParameterType() == Acknowledgment.class;
		}

		@Override
		public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return message.getHeaders().get(PgqrsHeaders.ACKNOWLEDGMENT);
		}

	}

}
