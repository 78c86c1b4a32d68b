package io.pgqrs.annotation;

import java.util.ArrayList;
import java.util.List;

import io.pgqrs.listener.PgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpoint;
import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.validation.Validator;

/**
 * What a {@link PgqrsListenerConfigurer} works on.
 *
 * @since 0.1
 */
public final class PgqrsListenerRegistrar {

	private final List<Registration> registrations = new ArrayList<>();

	private final List<HandlerMethodArgumentResolver> argumentResolvers = new ArrayList<>();

	private @Nullable Validator validator;

	private @Nullable ConversionService conversionService;

	PgqrsListenerRegistrar() {
	}

	/**
	 * Adds a listener, whose container the default factory makes.
	 * @param endpoint a listener and what it asks for
	 */
	public void register(PgqrsListenerEndpoint endpoint) {
		this.registrations.add(new Registration(endpoint, null));
	}

	/**
	 * Adds a listener.
	 * @param endpoint a listener and what it asks for
	 * @param factory makes its container
	 */
	public void register(PgqrsListenerEndpoint endpoint, PgqrsListenerContainerFactory factory) {
		this.registrations.add(new Registration(endpoint, factory));
	}

	/**
	 * Sets what validates payloads.
	 * @param validator default is the application's only or primary {@link Validator}
	 * bean
	 */
	public void setValidator(Validator validator) {
		this.validator = validator;
	}

	/**
	 * Sets what converts headers.
	 * @param conversionService default is the application context's, or one with Spring's
	 * default converters and formatters
	 */
	public void setConversionService(ConversionService conversionService) {
		this.conversionService = conversionService;
	}

	/**
	 * Adds a kind of parameter. The resolver is asked after pgqrs's own and before a
	 * parameter is taken for the payload. The message that it sees has a
	 * {@link io.pgqrs.QueueMessage} as its payload, or a list of them if the listener
	 * takes batches.
	 * @param resolver resolves parameters
	 */
	public void addArgumentResolver(HandlerMethodArgumentResolver resolver) {
		this.argumentResolvers.add(resolver);
	}

	List<Registration> registrations() {
		return this.registrations;
	}

	List<HandlerMethodArgumentResolver> argumentResolvers() {
		return this.argumentResolvers;
	}

	@Nullable Validator validator() {
		return this.validator;
	}

	@Nullable ConversionService conversionService() {
		return this.conversionService;
	}

	/**
	 * A listener to be.
	 *
	 * @param endpoint a listener and what it asks for
	 * @param factory makes its container, or null for the default one
	 */
	record Registration(PgqrsListenerEndpoint endpoint, @Nullable PgqrsListenerContainerFactory factory) {
	}

}
