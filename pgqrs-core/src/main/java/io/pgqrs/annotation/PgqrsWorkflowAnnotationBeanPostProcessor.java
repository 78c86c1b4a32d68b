package io.pgqrs.annotation;

import java.util.function.Consumer;

import io.pgqrs.workflow.WorkflowContainers;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds the methods marked with {@link PgqrsWorkflow} and registers each with the
 * {@link WorkflowContainers}, which are a bean: those of singletons when all of them
 * exist, those of beans created later at once.
 *
 * @since 0.1
 * @see EnablePgqrs
 */
public class PgqrsWorkflowAnnotationBeanPostProcessor extends AnnotatedMethodBeanPostProcessor<PgqrsWorkflow> {

	/**
	 * Makes the post-processor.
	 */
	public PgqrsWorkflowAnnotationBeanPostProcessor() {
		super(PgqrsWorkflow.class);
	}

	@Override
	Consumer<AnnotatedBean<PgqrsWorkflow>> registration(ConfigurableListableBeanFactory beanFactory) {
		return new WorkflowRegistration(beanFactory)::register;
	}

}
