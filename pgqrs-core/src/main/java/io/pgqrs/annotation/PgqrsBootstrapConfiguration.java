package io.pgqrs.annotation;

import io.pgqrs.listener.PgqrsListenerEndpointRegistry;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DeferredImportSelector;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers what {@link EnablePgqrs} needs and the application does not define itself.
 */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
@Import(PgqrsBootstrapConfiguration.Registrar.class)
final class PgqrsBootstrapConfiguration {

	/**
	 * Imports the configuration after all others. A registrar alone would be called with
	 * the class that imports it, however late it is imported.
	 */
	static final class Selector implements DeferredImportSelector {

		@Override
		public String[] selectImports(AnnotationMetadata importingClass) {
			return new String[] { PgqrsBootstrapConfiguration.class.getName() };
		}

	}

	/** Registers beans unless there are some of the same names. */
	static final class Registrar implements ImportBeanDefinitionRegistrar {

		@Override
		public void registerBeanDefinitions(AnnotationMetadata importingClass, BeanDefinitionRegistry registry) {
			register(registry, PgqrsListenerConfigUtils.LISTENER_ANNOTATION_PROCESSOR_BEAN_NAME,
					PgqrsListenerAnnotationBeanPostProcessor.class);
			register(registry, PgqrsListenerConfigUtils.LISTENER_ENDPOINT_REGISTRY_BEAN_NAME,
					PgqrsListenerEndpointRegistry.class);
			register(registry, PgqrsWorkflowConfigUtils.WORKFLOW_ANNOTATION_PROCESSOR_BEAN_NAME,
					PgqrsWorkflowAnnotationBeanPostProcessor.class);
			register(registry, PgqrsWorkflowConfigUtils.STEP_ANNOTATION_PROCESSOR_BEAN_NAME,
					PgqrsStepBeanPostProcessor.class);
		}

		private static void register(BeanDefinitionRegistry registry, String name, Class<?> type) {
			if (!registry.containsBeanDefinition(name)) {
				RootBeanDefinition definition = new RootBeanDefinition(type);
				definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
				registry.registerBeanDefinition(name, definition);
			}
		}

	}

}
