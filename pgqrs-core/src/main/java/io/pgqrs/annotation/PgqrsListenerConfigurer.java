package io.pgqrs.annotation;

/**
 * Beans of this type change how {@link PgqrsListener} methods are called, and add
 * listeners that are no methods. They are called once, in order, after all singletons
 * exist and before the first listener is registered.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface PgqrsListenerConfigurer {

	/**
	 * Configures listeners.
	 * @param registrar takes listeners and settings
	 */
	void configureListeners(PgqrsListenerRegistrar registrar);

}
