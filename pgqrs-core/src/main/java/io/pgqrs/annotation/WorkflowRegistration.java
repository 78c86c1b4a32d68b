package io.pgqrs.annotation;

import java.lang.reflect.Method;

import io.pgqrs.InvalidArgumentException;
import io.pgqrs.workflow.WorkflowContainers;
import io.pgqrs.workflow.WorkflowDefinition;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotation;

/** Makes definitions of annotated methods, and registers them. */
final class WorkflowRegistration {

	private final ConfigurableListableBeanFactory beanFactory;

	WorkflowRegistration(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	void register(AnnotatedBean<PgqrsWorkflow> bean) {
		bean.methods()
			.forEach((method, annotations) -> annotations.forEach((annotation) -> register(bean, method, annotation)));
	}

	private void register(AnnotatedBean<PgqrsWorkflow> bean, Method method,
			MergedAnnotation<PgqrsWorkflow> annotation) {
		WorkflowMethod function = new WorkflowMethod(bean.name(), bean.bean(), method);
		WorkflowAttributes attributes = new WorkflowAttributes(annotation, function.toString(), this.beanFactory);
		WorkflowContainers containers = containers(function);
		try {
			WorkflowDefinition definition = WorkflowDefinition.of(attributes.name(method.getName()),
					function.inputType(), function.resultType(), function, function.toString());
			containers.register(definition, attributes.options());
		}
		catch (InvalidArgumentException | IllegalArgumentException ex) {
			throw new InvalidWorkflowException("The @PgqrsWorkflow on " + function + " cannot work: " + ex.getMessage(),
					ex);
		}
	}

	private WorkflowContainers containers(WorkflowMethod function) {
		try {
			return this.beanFactory.getBean(WorkflowContainers.class);
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new InvalidWorkflowException(
					"The @PgqrsWorkflow on " + function + " finds several WorkflowContainers beans: "
							+ ex.getBeanNamesFound() + ". Make one of them @Primary",
					ex);
		}
		catch (NoSuchBeanDefinitionException ex) {
			if (ex.getBeanType() != WorkflowContainers.class) {
				throw ex;
			}
			throw new InvalidWorkflowException("The @PgqrsWorkflow on " + function
					+ " has nothing that executes its runs. Define a WorkflowContainers bean", ex);
		}
	}

}
