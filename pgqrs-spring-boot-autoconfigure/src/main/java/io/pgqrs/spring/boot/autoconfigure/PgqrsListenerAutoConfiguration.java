package io.pgqrs.spring.boot.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.FailurePolicy;
import io.pgqrs.QueueCatalog;
import io.pgqrs.WakeUps;
import io.pgqrs.annotation.EnablePgqrs;
import io.pgqrs.annotation.PgqrsListenerConfigUtils;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.listener.PgqrsWorker;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.support.micrometer.Instrumentation;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.system.ApplicationPid;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of listeners.
 *
 * @since 0.1
 */
@AutoConfiguration(after = PgqrsAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "pgqrs.enabled", matchIfMissing = true)
@ConditionalOnBean({ PgqrsStore.class, QueueCatalog.class, WakeUps.class, PayloadJson.class, Instrumentation.class })
public final class PgqrsListenerAutoConfiguration {

	private final PgqrsProperties properties;

	private final PgqrsPropertiesMapper mapper;

	private final ObjectProvider<FailurePolicy> failurePolicy;

	private final ObjectProvider<PlatformTransactionManager> transactionManagers;

	private final ObjectProvider<PgqrsListenerContainerFactoryCustomizer> customizers;

	PgqrsListenerAutoConfiguration(PgqrsProperties properties, ObjectProvider<FailurePolicy> failurePolicy,
			ObjectProvider<PlatformTransactionManager> transactionManagers,
			ObjectProvider<PgqrsListenerContainerFactoryCustomizer> customizers) {
		this.properties = properties;
		this.mapper = new PgqrsPropertiesMapper(properties);
		this.failurePolicy = failurePolicy;
		this.transactionManagers = transactionManagers;
		this.customizers = customizers;
	}

	@Bean
	@ConditionalOnMissingBean
	PgqrsWorker pgqrsWorker(PgqrsStore store, WakeUps wakeUps, Instrumentation instrumentation,
			Environment environment) {
		String application = environment.getProperty("spring.application.name");
		String name = (StringUtils.hasText(application) ? application : host()) + "-" + new ApplicationPid();
		PgqrsWorker worker = this.mapper.worker(store, wakeUps, name);
		worker.setInstrumentation(instrumentation);
		return worker;
	}

	private static String host() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

	@Bean
	@ConditionalOnMissingBean
	PgqrsListenerContainerFactoryConfigurer pgqrsListenerContainerFactoryConfigurer(PgqrsStore store,
			QueueCatalog catalog, WakeUps wakeUps, PayloadJson json, PgqrsWorker worker,
			Instrumentation instrumentation, Environment environment) {
		PgqrsListenerContainerFactoryConfigurer configurer = new PgqrsListenerContainerFactoryConfigurer(
				() -> new DefaultPgqrsListenerContainerFactory(store, catalog, wakeUps, json, worker),
				this.mapper.containerOptions());
		configurer.add((factory) -> factory.setPhase(this.properties.getListener().getPhase()));
		configurer.add((factory) -> factory.setInstrumentation(instrumentation));
		configurer.add((factory) -> factory.setTaskExecutor(taskExecutor(environment)));
		this.failurePolicy.ifUnique((policy) -> configurer.add((factory) -> factory.setFailurePolicy(policy)));
		PlatformTransactionManager transactionManager = new StoreTransactionManager(this.transactionManagers)
			.find(store.dataSource());
		if (transactionManager != null) {
			configurer.add((factory) -> factory.setTransactionManager(transactionManager));
		}
		this.customizers.orderedStream().forEach(configurer::addCustomizer);
		return configurer;
	}

	// No bean: Boot's own executors back off where there is one.
	private static SimpleAsyncTaskExecutor taskExecutor(Environment environment) {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("pgqrs-");
		executor.setVirtualThreads(Threading.VIRTUAL.isActive(environment));
		return executor;
	}

	@Bean(PgqrsListenerConfigUtils.DEFAULT_CONTAINER_FACTORY_BEAN_NAME)
	@ConditionalOnMissingBean(name = PgqrsListenerConfigUtils.DEFAULT_CONTAINER_FACTORY_BEAN_NAME)
	DefaultPgqrsListenerContainerFactory pgqrsListenerContainerFactory(
			PgqrsListenerContainerFactoryConfigurer configurer) {
		return configurer.createFactory();
	}

	@Bean
	ListenerStart pgqrsListenerStart(ObjectProvider<PgqrsListenerEndpointRegistry> registries, Startup startup) {
		return new ListenerStart(registries, this.properties.getListener().getPhase(), startup);
	}

	@Bean
	@ConditionalOnClass(HikariDataSource.class)
	PoolSizeCheck pgqrsPoolSizeCheck(PgqrsStore store, ObjectProvider<PgqrsListenerEndpointRegistry> registries) {
		return new PoolSizeCheck(store.dataSource(), registries);
	}

	@Bean
	static PgqrsLazyInitializationExcludeFilter pgqrsLazyInitializationExcludeFilter() {
		return new PgqrsLazyInitializationExcludeFilter();
	}

	/** Tells the registry when to start, whoever made it, before the context does. */
	static final class ListenerStart implements SmartInitializingSingleton {

		private final ObjectProvider<PgqrsListenerEndpointRegistry> registries;

		private final int phase;

		private final Startup startup;

		ListenerStart(ObjectProvider<PgqrsListenerEndpointRegistry> registries, int phase, Startup startup) {
			this.registries = registries;
			this.phase = phase;
			this.startup = startup;
		}

		@Override
		public void afterSingletonsInstantiated() {
			this.registries.stream().forEach((registry) -> {
				registry.setStarter(this.startup::run);
				if (this.phase != PgqrsListenerContainer.DEFAULT_PHASE) {
					registry.setPhase(this.phase);
				}
			});
		}

	}

	/** Switches the annotations on, unless the application does. */
	@Configuration(proxyBeanMethods = false)
	@EnablePgqrs
	@ConditionalOnMissingBean(name = PgqrsListenerConfigUtils.LISTENER_ANNOTATION_PROCESSOR_BEAN_NAME)
	static class EnablePgqrsConfiguration {

	}

}
