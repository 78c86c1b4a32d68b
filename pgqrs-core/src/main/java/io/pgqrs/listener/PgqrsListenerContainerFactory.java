package io.pgqrs.listener;

/**
 * Makes containers.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface PgqrsListenerContainerFactory {

	/**
	 * Makes a container for an endpoint. Does not start it.
	 * @param endpoint a listener and what it asks for
	 * @return a new container
	 */
	PgqrsListenerContainer createContainer(PgqrsListenerEndpoint endpoint);

}
