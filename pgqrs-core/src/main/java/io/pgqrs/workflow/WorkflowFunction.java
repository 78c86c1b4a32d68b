package io.pgqrs.workflow;

import org.jspecify.annotations.Nullable;

/**
 * The code of a workflow. It is called again from the beginning whenever a run goes on,
 * and so has to come to the same steps in the same order: whatever can be different from
 * one call to the next belongs into a step.
 *
 * @param <I> type of the input
 * @param <O> type of the result
 * @since 0.1
 */
@FunctionalInterface
public interface WorkflowFunction<I, O> {

	/**
	 * Runs the workflow.
	 * @param context of the run
	 * @param input what the run was started with, or null
	 * @return the result, or null
	 * @throws Exception fails the run
	 */
	@Nullable O run(WorkflowContext context, @Nullable I input) throws Exception;

}
