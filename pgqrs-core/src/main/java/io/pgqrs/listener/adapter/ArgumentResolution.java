package io.pgqrs.listener.adapter;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.validation.Validator;

/**
 * What the arguments of listener methods are resolved with.
 *
 * @param conversionService converts headers
 * @param validator checks payloads that are marked as to be validated, or null for none
 * @param customResolvers asked before a parameter is taken for the payload. The message
 * they see has a {@link io.pgqrs.QueueMessage} as its payload, or a list of these if the
 * listener takes batches
 * @param beanFactory resolves placeholders in {@code @Header}, or null to leave them
 * @since 0.1
 */
public record ArgumentResolution(ConversionService conversionService, @Nullable Validator validator,
		List<HandlerMethodArgumentResolver> customResolvers, @Nullable ConfigurableBeanFactory beanFactory) {

	public ArgumentResolution {
		customResolvers = List.copyOf(customResolvers);
	}

}
