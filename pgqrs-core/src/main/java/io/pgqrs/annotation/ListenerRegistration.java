package io.pgqrs.annotation;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.pgqrs.annotation.PgqrsListenerRegistrar.Registration;
import io.pgqrs.listener.InvalidListenerException;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpoint;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.listener.PgqrsListenerErrorHandler;
import io.pgqrs.listener.adapter.ArgumentResolution;
import io.pgqrs.listener.adapter.MethodListenerAdapter;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.convert.ConversionService;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.validation.Validator;

/** Makes endpoints of annotated methods, and registers them. */
final class ListenerRegistration {

	private final Map<String, AtomicInteger> generatedIds = new ConcurrentHashMap<>();

	private final ConfigurableListableBeanFactory beanFactory;

	private final ArgumentResolution resolution;

	ListenerRegistration(ConfigurableListableBeanFactory beanFactory, PgqrsListenerRegistrar registrar) {
		this.beanFactory = beanFactory;
		this.resolution = new ArgumentResolution(conversionService(beanFactory, registrar),
				validator(beanFactory, registrar), registrar.argumentResolvers(), beanFactory);
	}

	private static ConversionService conversionService(ConfigurableListableBeanFactory beanFactory,
			PgqrsListenerRegistrar registrar) {
		if (registrar.conversionService() != null) {
			return registrar.conversionService();
		}
		ConversionService conversionService = beanFactory.getConversionService();
		return (conversionService != null) ? conversionService : new DefaultFormattingConversionService();
	}

	private static @Nullable Validator validator(ConfigurableListableBeanFactory beanFactory,
			PgqrsListenerRegistrar registrar) {
		return (registrar.validator() != null) ? registrar.validator()
				: beanFactory.getBeanProvider(Validator.class).getIfUnique();
	}

	void register(Registration registration) {
		PgqrsListenerEndpoint endpoint = registration.endpoint();
		PgqrsListenerContainerFactory factory = registration.factory();
		registry().register(endpoint,
				(factory != null) ? factory : defaultFactory("The listener with the id '" + endpoint.id() + "'"));
	}

	void register(AnnotatedBean<PgqrsListener> bean) {
		bean.methods()
			.forEach((method, annotations) -> annotations.forEach((annotation) -> register(bean, method, annotation)));
	}

	private void register(AnnotatedBean<PgqrsListener> bean, Method method,
			MergedAnnotation<PgqrsListener> annotation) {
		MethodListenerAdapter adapter = new MethodListenerAdapter(bean.name(), bean.bean(), method, this.resolution);
		ListenerAttributes attributes = new ListenerAttributes(annotation, adapter.toString(), this.beanFactory);
		PgqrsListenerEndpoint endpoint = endpoint(bean, method, adapter, attributes);
		PgqrsListenerContainerFactory named = attributes.bean("containerFactory", PgqrsListenerContainerFactory.class);
		PgqrsListenerContainerFactory factory = (named != null) ? named
				: defaultFactory("The @PgqrsListener on " + adapter);
		registry().register(endpoint, (each) -> container(adapter, each, factory));
	}

	private PgqrsListenerEndpoint endpoint(AnnotatedBean<PgqrsListener> bean, Method method,
			MethodListenerAdapter adapter, ListenerAttributes attributes) {
		String id = attributes.string("id");
		return new PgqrsListenerEndpoint((id != null) ? id : generatedId(bean.type(), method), attributes.queues(),
				adapter, attributes.bean("errorHandler", PgqrsListenerErrorHandler.class),
				attributes.integer("concurrency"), attributes.integer("batchSize"), attributes.bool("batch"),
				attributes.ackMode(), attributes.duration("visibilityTimeout"), attributes.duration("pollInterval"),
				attributes.integer("maxAttempts"), attributes.bool("autoStartup"));
	}

	private String generatedId(Class<?> type, Method method) {
		String name = type.getName() + "." + method.getName();
		return name + "#" + this.generatedIds.computeIfAbsent(name, (each) -> new AtomicInteger()).getAndIncrement();
	}

	/**
	 * Only the container knows whether the listener takes batches, for the factory may
	 * say so. It has not started yet.
	 */
	private static PgqrsListenerContainer container(MethodListenerAdapter adapter, PgqrsListenerEndpoint endpoint,
			PgqrsListenerContainerFactory factory) {
		PgqrsListenerContainer container;
		try {
			container = factory.createContainer(endpoint);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidListenerException("The @PgqrsListener on " + adapter + " cannot work: " + ex.getMessage(),
					ex);
		}
		adapter.bind(container.getOptions().batch());
		return container;
	}

	private PgqrsListenerContainerFactory defaultFactory(String listener) {
		String name = PgqrsListenerConfigUtils.DEFAULT_CONTAINER_FACTORY_BEAN_NAME;
		if (this.beanFactory.containsBean(name)) {
			return this.beanFactory.getBean(name, PgqrsListenerContainerFactory.class);
		}
		try {
			return this.beanFactory.getBean(PgqrsListenerContainerFactory.class);
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new InvalidListenerException(
					listener + " names no container factory, and there are several: " + ex.getBeanNamesFound()
							+ ". Name one of them in 'containerFactory', or call one of them '" + name + "'",
					ex);
		}
		catch (NoSuchBeanDefinitionException ex) {
			if (ex.getBeanType() != PgqrsListenerContainerFactory.class) {
				throw ex;
			}
			throw new InvalidListenerException(listener + " has no container factory. Define a "
					+ "PgqrsListenerContainerFactory bean named '" + name + "'", ex);
		}
	}

	private PgqrsListenerEndpointRegistry registry() {
		return this.beanFactory.getBean(PgqrsListenerConfigUtils.LISTENER_ENDPOINT_REGISTRY_BEAN_NAME,
				PgqrsListenerEndpointRegistry.class);
	}

}
