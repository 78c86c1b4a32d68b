package io.pgqrs.annotation;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.listener.PgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerEndpointRegistry;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.sqlite.SqliteOptions;
import io.pgqrs.store.sqlite.SqliteStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.workflow.WorkflowContainers;
import io.pgqrs.workflow.WorkflowDefinition;
import io.pgqrs.workflow.WorkflowEngine;
import io.pgqrs.workflow.WorkflowRegistry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Application contexts with workflows, whose containers execute nothing. */
final class WorkflowContexts {

	private WorkflowContexts() {
	}

	/** With these beans. */
	static AnnotationConfigApplicationContext with(Class<?>... beans) {
		return with(Map.of(), (context) -> List.of(beans).forEach(context::register));
	}

	static AnnotationConfigApplicationContext with(Map<String, Object> properties,
			Consumer<AnnotationConfigApplicationContext> customizer) {
		return ListenerContexts.with(properties, (context) -> {
			context.registerBean(RecordingContainerFactory.class, () -> new RecordingContainerFactory());
			context.register(Workflows.class);
			customizer.accept(context);
		});
	}

	static RecordingContainerFactory factory(AnnotationConfigApplicationContext context) {
		return context.getBean(RecordingContainerFactory.class);
	}

	static WorkflowRegistry registry(AnnotationConfigApplicationContext context) {
		return context.getBean(WorkflowEngine.class).registry();
	}

	static WorkflowDefinition workflow(AnnotationConfigApplicationContext context, String name) {
		WorkflowDefinition definition = registry(context).find(name);
		if (definition == null) {
			throw new AssertionError("No workflow '" + name + "', but " + registry(context).names());
		}
		return definition;
	}

	/** On a database that nobody connects to. */
	@Configuration(proxyBeanMethods = false)
	static class Workflows {

		@Bean
		PgqrsStore store() {
			return SqliteStore.create(new DriverManagerDataSource("jdbc:sqlite:nowhere/none.db"),
					SqliteOptions.defaults());
		}

		@Bean
		QueueCatalog catalog(PgqrsStore store) {
			return new QueueCatalog(store.queues(), QueueNotFoundStrategy.FAIL, List.of());
		}

		@Bean
		WakeUps wakeUps(PgqrsStore store) {
			return new WakeUps(store.wakeUps());
		}

		@Bean
		WorkflowEngine workflowEngine(PgqrsStore store, WakeUps wakeUps) {
			return new WorkflowEngine(store, wakeUps, new PayloadJson(JsonMapper.shared()));
		}

		@Bean
		WorkflowContainers workflowContainers(WorkflowEngine engine, QueueCatalog catalog,
				PgqrsListenerEndpointRegistry endpoints, PgqrsListenerContainerFactory factory) {
			return new WorkflowContainers(engine, catalog, endpoints, factory, Map.of());
		}

	}

}
