package io.pgqrs.listener.adapter;

import java.util.List;

import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Acknowledgment;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;

/** Gives the parameters of a listener their values. */
abstract class ListenerArguments {

	private final ListenerMethod method;

	private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

	ListenerArguments(ListenerMethod method, List<HandlerMethodArgumentResolver> resolvers) {
		this.method = method;
		this.resolvers.addResolvers(resolvers);
	}

	/**
	 * What resolvers see.
	 * @param messages of one delivery
	 * @param acknowledgment of all of them
	 * @return a message with the payload that the resolvers expect
	 */
	abstract Message<?> message(List<QueueMessage> messages, Acknowledgment acknowledgment);

	@Nullable Object[] resolve(List<QueueMessage> messages, Acknowledgment acknowledgment) throws Exception {
		Message<?> message = message(messages, acknowledgment);
		MethodParameter[] parameters = this.method.getMethodParameters();
		@Nullable Object[] arguments = new Object[parameters.length];
		for (int i = 0; i < parameters.length; i++) {
			arguments[i] = resolve(parameters[i], message);
		}
		return arguments;
	}

	/** What is wrong with a header stays wrong, and has to look like it. */
	private @Nullable Object resolve(MethodParameter parameter, Message<?> message) throws Exception {
		try {
			return this.resolvers.resolveArgument(parameter, message);
		}
		catch (ConversionException ex) {
			throw new MessageConversionException(message, "Listener " + this.method + " cannot be given its parameter "
					+ ListenerMethod.describe(parameter) + ": " + ex.getMessage(), ex);
		}
		catch (MessageHandlingException ex) {
			throw new MethodArgumentResolutionException(message, parameter, String.valueOf(ex.getMessage()), ex);
		}
	}

}
