package io.pgqrs.spring.boot.autoconfigure;

import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;

/**
 * Changes each container factory of listeners that a
 * {@link PgqrsListenerContainerFactoryConfigurer} configures, after the properties were
 * applied. Beans of this type are called in their order. Options of the containers are
 * changed with {@link DefaultPgqrsListenerContainerFactory#addOptionsCustomizer}.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface PgqrsListenerContainerFactoryCustomizer {

	/**
	 * Customizes a factory.
	 * @param factory the factory to change
	 */
	void customize(DefaultPgqrsListenerContainerFactory factory);

}
