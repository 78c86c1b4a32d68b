package io.pgqrs.listener.adapter;

import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.pgqrs.PayloadConversionException;
import io.pgqrs.QueueMessage;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.SimpleMessageConverter;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.util.StringUtils;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

/**
 * Resolves the payload: read as the parameter's type in full, and validated by
 * spring-messaging.
 */
final class PayloadArgumentResolver extends PayloadMethodArgumentResolver {

	private static final Log logger = LogFactory.getLog(PayloadArgumentResolver.class);

	private final Map<MethodParameter, PayloadType> types = new ConcurrentHashMap<>();

	private final ListenerMethod method;

	private final @Nullable Validator validator;

	PayloadArgumentResolver(ListenerMethod method, @Nullable Validator validator) {
		super(new SimpleMessageConverter(), validator);
		this.method = method;
		this.validator = validator;
	}

	/** Refuses parameters that no payload can be read as. */
	void check(MethodParameter parameter) {
		if (type(parameter).mentionsDelivery()) {
			throw this.method
				.invalid(parameter, "cannot be a payload. Only a batch listener takes several messages, as "
						+ "List<QueueMessage> or List<Message<T>>: set batch = \"true\". Others take one QueueMessage or Message<T>");
		}
		checkPayload(parameter, type(parameter).rawClass());
	}

	void checkPayload(MethodParameter parameter, Class<?> type) {
		Payload annotation = parameter.getParameterAnnotation(Payload.class);
		if (annotation != null && StringUtils.hasText(annotation.expression())) {
			throw this.method.invalid(parameter, "has a @Payload with an expression, which is not supported");
		}
		if (isToBeValidated(parameter) && !canValidate(type)) {
			logger.warn("Listener " + this.method + " is given its parameter " + ListenerMethod.describe(parameter)
					+ " without validation, for there is no single Validator bean that supports it. Set one by a PgqrsListenerConfigurer");
		}
	}

	private static boolean isToBeValidated(MethodParameter parameter) {
		return Arrays.stream(parameter.getParameterAnnotations())
			.map(Annotation::annotationType)
			.anyMatch((type) -> type.getSimpleName().startsWith("Valid")
					|| AnnotationUtils.findAnnotation(type, Validated.class) != null);
	}

	private boolean canValidate(Class<?> type) {
		return this.validator != null && this.validator.supports(type);
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
		Object payload = read(parameter, type(parameter), message);
		return (parameter.getParameterType() == Optional.class) ? Optional.ofNullable(payload) : payload;
	}

	/**
	 * Reads and validates a payload.
	 * @param parameter that it is for
	 * @param type that it is read as
	 * @param message with a {@link QueueMessage}; what exceptions show of a payload is
	 * what that shows
	 * @return null for the JSON null, if the parameter takes it
	 */
	@Nullable Object read(MethodParameter parameter, PayloadType type, Message<?> message) {
		QueueMessage source = (QueueMessage) message.getPayload();
		Object payload = type.read(source);
		if (payload != null) {
			validate(message, parameter, payload);
		}
		else if (isRequired(parameter)) {
			throw new PayloadConversionException(
					"Listener " + this.method + " cannot be given a message: The payload of " + "message " + source.id()
							+ " in queue '" + source.queue() + "' is null",
					null);
		}
		return payload;
	}

	private static boolean isRequired(MethodParameter parameter) {
		Payload annotation = parameter.getParameterAnnotation(Payload.class);
		return (annotation == null || annotation.required()) && !parameter.isOptional();
	}

	@Override
	protected void validate(Message<?> message, MethodParameter parameter, Object target) {
		if (canValidate(target.getClass())) {
			super.validate(message, parameter, target);
		}
	}

	private PayloadType type(MethodParameter parameter) {
		return this.types.computeIfAbsent(parameter,
				(each) -> new PayloadType(this.method, ResolvableType.forMethodParameter(each.nestedIfOptional())));
	}

}
