package io.pgqrs.annotation;

import java.util.concurrent.Callable;

import io.pgqrs.workflow.StepOptions;
import io.pgqrs.workflow.WorkflowContext;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;

/**
 * What a {@link PgqrsStep} says of its method.
 *
 * @param name of the step
 * @param type of the result
 * @param options how it is tried
 * @param transactional whether the method and its record are one transaction
 */
record StepMethod(String name, ParameterizedTypeReference<Object> type, StepOptions options, boolean transactional) {

	@Nullable Object call(WorkflowContext context, Callable<? extends @Nullable Object> body) {
		return this.transactional ? context.transactionalStep(this.name, this.type, this.options, body)
				: context.step(this.name, this.type, this.options, body);
	}

}
