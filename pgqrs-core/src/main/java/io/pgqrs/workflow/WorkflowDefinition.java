package io.pgqrs.workflow;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;

/**
 * A workflow that this process implements.
 *
 * @since 0.1
 */
public final class WorkflowDefinition {

	private final String name;

	private final Type inputType;

	private final Type resultType;

	private final WorkflowFunction<Object, ?> function;

	private final String description;

	private WorkflowDefinition(String name, Type inputType, Type resultType, WorkflowFunction<Object, ?> function,
			String description) {
		this.name = WorkflowNames.workflow(name);
		this.inputType = inputType;
		this.resultType = resultType;
		this.function = function;
		this.description = description;
	}

	/**
	 * Defines a workflow.
	 * @param <I> type of the input
	 * @param name of the workflow, 1 to 180 characters
	 * @param inputType type of the input, {@code Void.class} for none
	 * @param function its code
	 * @return the definition
	 */
	public static <I> WorkflowDefinition of(String name, Class<I> inputType, WorkflowFunction<I, ?> function) {
		return of(name, inputType, Object.class, function, function.getClass().getName());
	}

	/**
	 * Defines a workflow with a generic input.
	 * @param <I> type of the input
	 * @param name of the workflow, 1 to 180 characters
	 * @param inputType type of the input
	 * @param function its code
	 * @return the definition
	 */
	public static <I> WorkflowDefinition of(String name, ParameterizedTypeReference<I> inputType,
			WorkflowFunction<I, ?> function) {
		return of(name, inputType.getType(), Object.class, function, function.getClass().getName());
	}

	/**
	 * Defines a workflow.
	 * @param name of the workflow, 1 to 180 characters
	 * @param inputType type of the input with its generic parameters, {@code Void.class}
	 * for none
	 * @param resultType type of the result, which handles return that were not asked for
	 * any other; {@code Object.class} if it is not known
	 * @param function its code, which is called with an input of that type
	 * @param description where the code is, for messages
	 * @return the definition
	 */
	@SuppressWarnings("unchecked") // the input is read as the input type
	public static WorkflowDefinition of(String name, Type inputType, Type resultType, WorkflowFunction<?, ?> function,
			String description) {
		return new WorkflowDefinition(name, inputType, resultType, (WorkflowFunction<Object, ?>) function, description);
	}

	/**
	 * Name of the workflow.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	Type inputType() {
		return this.inputType;
	}

	Type resultType() {
		return this.resultType;
	}

	@Nullable Object run(WorkflowContext context, @Nullable Object input) throws Exception {
		return this.function.run(context, input);
	}

	@Override
	public String toString() {
		return this.description;
	}

}
