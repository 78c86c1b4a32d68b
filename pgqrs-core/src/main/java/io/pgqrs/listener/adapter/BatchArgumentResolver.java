package io.pgqrs.listener.adapter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.pgqrs.PayloadConversionException;
import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Acknowledgment;
import io.pgqrs.listener.PgqrsHeaders;
import io.pgqrs.listener.UnreadableMessagesException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.Assert;
import org.springframework.validation.Validator;

/**
 * Resolves {@code List<QueueMessage>}, {@code List<Message<T>>} and {@code List<T>}. What
 * cannot be read is reported all at once, so that the rest can be delivered without it.
 */
final class BatchArgumentResolver implements HandlerMethodArgumentResolver {

	private final Map<MethodParameter, Element> elements = new ConcurrentHashMap<>();

	private final ListenerMethod method;

	private final PayloadArgumentResolver payloads;

	BatchArgumentResolver(ListenerMethod method, @Nullable Validator validator) {
		this.method = method;
		this.payloads = new PayloadArgumentResolver(method, validator);
	}

	/** Refuses parameters that are not made for a batch. */
	void check(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		if (type == Object.class || !type.isAssignableFrom(List.class)) {
			throw this.method.invalid(parameter, "is not for a batch. A batch listener takes a List<T> of payloads, a "
					+ "List<QueueMessage> or a List<Message<T>>, which have the headers, and an Acknowledgment");
		}
		PayloadType element = element(parameter).type();
		if (element != null) {
			if (element.mentionsDelivery()) {
				throw this.method.invalid(parameter, "is not a list of payloads, QueueMessage or Message<T>");
			}
			this.payloads.checkPayload(parameter, element.rawClass());
		}
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return true;
	}

	@Override
	@SuppressWarnings("unchecked") // see BatchArguments
	public Object resolveArgument(MethodParameter parameter, Message<?> batch) {
		List<QueueMessage> messages = (List<QueueMessage>) batch.getPayload();
		Element element = element(parameter);
		if (element.type() == null) {
			return messages;
		}
		Acknowledgment acknowledgment = batch.getHeaders().get(PgqrsHeaders.ACKNOWLEDGMENT, Acknowledgment.class);
		Assert.state(acknowledgment != null, "No acknowledgment");
		List<@Nullable Object> values = new ArrayList<>(messages.size());
		Map<QueueMessage, Exception> failures = new LinkedHashMap<>();
		for (QueueMessage message : messages) {
			try {
				QueueMessageHeaders headers = new QueueMessageHeaders(message, acknowledgment);
				values.add(element.isMessage() ? MessageArgumentResolver.message(message, headers, element.type())
						: this.payloads.read(parameter, element.type(), new GenericMessage<>(message, headers)));
			}
			catch (PayloadConversionException | MessageConversionException | MethodArgumentNotValidException ex) {
				failures.put(message, ex);
			}
		}
		if (!failures.isEmpty()) {
			throw new UnreadableMessagesException(failures);
		}
		return values;
	}

	private Element element(MethodParameter parameter) {
		return this.elements.computeIfAbsent(parameter, (each) -> {
			ResolvableType list = ResolvableType.forMethodParameter(each);
			ResolvableType element = list.as(Iterable.class).getGeneric(0);
			Class<?> raw = element.resolve(Object.class);
			if (raw == QueueMessage.class) {
				return new Element(null, false);
			}
			return (raw == Message.class) ? new Element(MessageArgumentResolver.payloadType(this.method, element), true)
					: new Element(new PayloadType(this.method, element), false);
		});
	}

	/**
	 * What the list is made of.
	 *
	 * @param type of the payloads, or null if the list is one of {@link QueueMessage}s
	 * @param isMessage whether they are wrapped in a {@link Message}
	 */
	private record Element(@Nullable PayloadType type, boolean isMessage) {

	}

}
