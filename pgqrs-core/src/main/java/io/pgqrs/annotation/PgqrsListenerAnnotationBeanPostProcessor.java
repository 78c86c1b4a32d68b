package io.pgqrs.annotation;

import java.util.function.Consumer;

import io.pgqrs.listener.PgqrsListenerEndpointRegistry;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds the methods marked with {@link PgqrsListener} and registers a container for each
 * annotation with the {@link PgqrsListenerEndpointRegistry}: for singletons when all of
 * them exist, for beans created later at once.
 *
 * @since 0.1
 * @see EnablePgqrs
 */
public class PgqrsListenerAnnotationBeanPostProcessor extends AnnotatedMethodBeanPostProcessor<PgqrsListener> {

	/**
	 * Makes the post-processor.
	 */
	public PgqrsListenerAnnotationBeanPostProcessor() {
		super(PgqrsListener.class);
	}

	@Override
	Consumer<AnnotatedBean<PgqrsListener>> registration(ConfigurableListableBeanFactory beanFactory) {
		PgqrsListenerRegistrar registrar = new PgqrsListenerRegistrar();
		beanFactory.getBeanProvider(PgqrsListenerConfigurer.class)
			.orderedStream()
			.forEach((configurer) -> configurer.configureListeners(registrar));
		ListenerRegistration registration = new ListenerRegistration(beanFactory, registrar);
		registrar.registrations().forEach(registration::register);
		return registration::register;
	}

}
