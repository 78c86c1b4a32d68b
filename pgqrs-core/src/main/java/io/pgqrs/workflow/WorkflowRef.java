package io.pgqrs.workflow;

import java.lang.reflect.Type;

import io.pgqrs.Arguments;

import org.springframework.core.ParameterizedTypeReference;

/**
 * A workflow by its name and types.
 *
 * @param <I> type of the input
 * @param <O> type of the result
 * @since 0.1
 */
public final class WorkflowRef<I, O> {

	private final String name;

	private final Type resultType;

	private WorkflowRef(String name, Type resultType) {
		this.name = WorkflowNames.workflow(name);
		Arguments.check(resultType != null,
				() -> "Workflow '" + name + "' has no type of result. Void.class is for none");
		this.resultType = resultType;
	}

	/**
	 * Refers to a workflow.
	 * @param <I> type of the input
	 * @param <O> type of the result
	 * @param name of the workflow
	 * @param inputType type of the input, {@code Void.class} for none
	 * @param resultType type of the result, {@code Void.class} for none
	 * @return the reference
	 */
	public static <I, O> WorkflowRef<I, O> of(String name, Class<I> inputType, Class<O> resultType) {
		return new WorkflowRef<>(name, resultType);
	}

	/**
	 * Refers to a workflow with generic types.
	 * @param <I> type of the input
	 * @param <O> type of the result
	 * @param name of the workflow
	 * @param inputType type of the input
	 * @param resultType type of the result
	 * @return the reference
	 */
	public static <I, O> WorkflowRef<I, O> of(String name, ParameterizedTypeReference<I> inputType,
			ParameterizedTypeReference<O> resultType) {
		return new WorkflowRef<>(name, resultType.getType());
	}

	/**
	 * Name of the workflow.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Type of the result.
	 * @return the type with its generic parameters
	 */
	public Type resultType() {
		return this.resultType;
	}

	@Override
	public String toString() {
		return "WorkflowRef[" + this.name + "]";
	}

}
