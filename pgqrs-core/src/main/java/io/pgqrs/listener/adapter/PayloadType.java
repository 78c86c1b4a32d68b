package io.pgqrs.listener.adapter;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;

import io.pgqrs.PayloadConversionException;
import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Acknowledgment;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;

/** What the payloads for one parameter are read as. */
final class PayloadType {

	/** A type that is bounded by itself has no end. */
	private static final int MAX_DEPTH = 16;

	private final ListenerMethod method;

	private final ResolvableType type;

	private final ParameterizedTypeReference<Object> reference;

	PayloadType(ListenerMethod method, ResolvableType declared) {
		this.method = method;
		this.type = ResolvableType.forType(concrete(declared, 0));
		this.reference = ParameterizedTypeReference.forType(this.type.getType());
	}

	/** With the variables of generic classes replaced by what stands for them. */
	private static Type concrete(ResolvableType type, int depth) {
		Class<?> raw = type.resolve(Object.class);
		if (type.isArray()) {
			return (type.getComponentType().getType() instanceof TypeVariable) ? raw : type.getType();
		}
		if (type.getType() instanceof Class || !type.hasGenerics() || depth == MAX_DEPTH) {
			return raw;
		}
		ResolvableType[] generics = Arrays.stream(type.getGenerics())
			.map((generic) -> ResolvableType.forType(concrete(generic, depth + 1)))
			.toArray(ResolvableType[]::new);
		return ResolvableType.forClassWithGenerics(raw, generics).getType();
	}

	Class<?> rawClass() {
		return this.type.resolve(Object.class);
	}

	/** Whether it is, or is made of, something that no payload can be. */
	boolean mentionsDelivery() {
		return mentionsDelivery(this.type);
	}

	private static boolean mentionsDelivery(ResolvableType type) {
		Class<?> raw = type.resolve(Object.class);
		return QueueMessage.class == raw || Acknowledgment.class == raw || Message.class.isAssignableFrom(raw)
				|| (type.isArray() && mentionsDelivery(type.getComponentType()))
				|| (type.getType() instanceof ParameterizedType
						&& Arrays.stream(type.getGenerics()).anyMatch(PayloadType::mentionsDelivery));
	}

	@Nullable Object read(QueueMessage message) {
		try {
			return message.payload(this.reference);
		}
		catch (PayloadConversionException ex) {
			throw new PayloadConversionException(
					"Listener " + this.method + " cannot be given a message: " + ex.getMessage(), ex.getCause());
		}
	}

}
