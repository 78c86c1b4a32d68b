package io.pgqrs.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;

/**
 * Gives container factories the settings of {@code pgqrs.listener.*}, for applications
 * that have more than one factory:
 *
 * <pre class="code">
 * &#64;Bean
 * DefaultPgqrsListenerContainerFactory bulkFactory(PgqrsListenerContainerFactoryConfigurer configurer) {
 * 	DefaultPgqrsListenerContainerFactory factory = configurer.createFactory();
 * 	factory.addOptionsCustomizer((options) -&gt; options.batchSize(200));
 * 	return factory;
 * }
 * </pre>
 *
 * @since 0.1
 */
public final class PgqrsListenerContainerFactoryConfigurer {

	private final Supplier<DefaultPgqrsListenerContainerFactory> factories;

	private final ContainerOptions options;

	private final List<Consumer<DefaultPgqrsListenerContainerFactory>> settings = new ArrayList<>();

	private final List<PgqrsListenerContainerFactoryCustomizer> customizers = new ArrayList<>();

	PgqrsListenerContainerFactoryConfigurer(Supplier<DefaultPgqrsListenerContainerFactory> factories,
			ContainerOptions options) {
		this.factories = factories;
		this.options = options;
	}

	void add(Consumer<DefaultPgqrsListenerContainerFactory> setting) {
		this.settings.add(setting);
	}

	void addCustomizer(PgqrsListenerContainerFactoryCustomizer customizer) {
		this.customizers.add(customizer);
	}

	/**
	 * Makes a factory on the auto-configured store, with all settings.
	 * @return a new factory
	 */
	public DefaultPgqrsListenerContainerFactory createFactory() {
		DefaultPgqrsListenerContainerFactory factory = this.factories.get();
		configure(factory);
		return factory;
	}

	/**
	 * Gives a factory the settings, and calls the
	 * {@link PgqrsListenerContainerFactoryCustomizer customizers}.
	 * @param factory the factory to change
	 */
	public void configure(DefaultPgqrsListenerContainerFactory factory) {
		configure(factory, this.options);
		this.customizers.forEach((customizer) -> customizer.customize(factory));
	}

	/** What customizers do to listeners may be nothing for workflows. */
	DefaultPgqrsListenerContainerFactory createFactory(ContainerOptions options) {
		DefaultPgqrsListenerContainerFactory factory = this.factories.get();
		configure(factory, options);
		return factory;
	}

	private void configure(DefaultPgqrsListenerContainerFactory factory, ContainerOptions options) {
		factory.setOptions(options);
		this.settings.forEach((setting) -> setting.accept(factory));
	}

}
