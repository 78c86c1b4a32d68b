package io.pgqrs.annotation;

import io.pgqrs.PgqrsException;
import io.pgqrs.workflow.WorkflowOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.annotation.MergedAnnotation;

/** The attributes of one {@link PgqrsWorkflow}. */
final class WorkflowAttributes extends ResolvedAttributes {

	WorkflowAttributes(MergedAnnotation<PgqrsWorkflow> annotation, String method, ConfigurableBeanFactory beanFactory) {
		super(annotation, method, beanFactory);
	}

	@Override
	PgqrsException exception(String message, @Nullable Throwable cause) {
		return new InvalidWorkflowException(message, cause);
	}

	/** The name, or else that of the method. */
	String name(String methodName) {
		String name = string("name");
		return (name != null) ? name : methodName;
	}

	WorkflowOptions options() {
		return new WorkflowOptions(integer("concurrency"), duration("visibilityTimeout"), bool("autoStartup"), null,
				null);
	}

}
