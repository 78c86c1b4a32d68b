package io.pgqrs.spring.boot.autoconfigure;

import javax.sql.DataSource;

import io.pgqrs.QueueCatalog;
import io.pgqrs.WakeUps;
import io.pgqrs.annotation.PgqrsListenerConfigUtils;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.support.micrometer.Instrumentation;
import io.pgqrs.workflow.WorkflowContainers;
import io.pgqrs.workflow.WorkflowEngine;
import io.pgqrs.workflow.WorkflowOperations;
import io.pgqrs.workflow.WorkflowTemplate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of durable workflows.
 *
 * @since 0.1
 */
@AutoConfiguration(after = PgqrsListenerAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "pgqrs.enabled", matchIfMissing = true)
@ConditionalOnBean(PgqrsListenerContainerFactoryConfigurer.class)
public final class PgqrsWorkflowAutoConfiguration {

	/** What makes the containers of workflows. */
	static final String CONTAINER_FACTORY_BEAN_NAME = "pgqrsWorkflowContainerFactory";

	private final PgqrsPropertiesMapper mapper;

	PgqrsWorkflowAutoConfiguration(PgqrsProperties properties) {
		this.mapper = new PgqrsPropertiesMapper(properties);
	}

	// Closed after the containers, which the context stops before it destroys beans.
	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	WorkflowEngine pgqrsWorkflowEngine(PgqrsStore store, WakeUps wakeUps, PayloadJson json,
			Instrumentation instrumentation, ObjectProvider<PlatformTransactionManager> transactionManagers) {
		WorkflowEngine engine = new WorkflowEngine(store, wakeUps, json);
		this.mapper.configure(engine);
		engine.setInstrumentation(instrumentation);
		engine.setTransactionManager(
				new LateTransactionManager(() -> transactionManager(transactionManagers, store.dataSource())));
		return engine;
	}

	private static PlatformTransactionManager transactionManager(
			ObjectProvider<PlatformTransactionManager> transactionManagers, DataSource dataSource) {
		PlatformTransactionManager found = new StoreTransactionManager(transactionManagers).find(dataSource);
		return (found != null) ? found : new DataSourceTransactionManager(dataSource);
	}

	@Bean
	@ConditionalOnMissingBean(WorkflowOperations.class)
	WorkflowTemplate pgqrsWorkflowTemplate(WorkflowEngine engine, QueueCatalog catalog) {
		return new WorkflowTemplate(engine, catalog);
	}

	// Who asks for a container factory means that of the listeners.
	@Bean(name = CONTAINER_FACTORY_BEAN_NAME, defaultCandidate = false)
	@ConditionalOnMissingBean(name = CONTAINER_FACTORY_BEAN_NAME)
	DefaultPgqrsListenerContainerFactory pgqrsWorkflowContainerFactory(
			PgqrsListenerContainerFactoryConfigurer configurer) {
		return configurer.createFactory(this.mapper.workflowContainerOptions());
	}

	@Bean
	@ConditionalOnMissingBean
	WorkflowContainers pgqrsWorkflowContainers(WorkflowEngine engine, QueueCatalog catalog,
			@Qualifier(PgqrsListenerConfigUtils.LISTENER_ENDPOINT_REGISTRY_BEAN_NAME) PgqrsListenerEndpointRegistry endpoints,
			@Qualifier(CONTAINER_FACTORY_BEAN_NAME) PgqrsListenerContainerFactory factory) {
		WorkflowContainers containers = new WorkflowContainers(engine, catalog, endpoints, factory,
				this.mapper.workflowOverrides());
		this.mapper.configure(containers);
		return containers;
	}

	@Bean
	WorkflowOverridesCheck pgqrsWorkflowOverridesCheck(ApplicationContext context, WorkflowEngine engine) {
		return new WorkflowOverridesCheck(context, this.mapper.workflowOverrides().keySet(), engine.registry());
	}

}
