package io.pgqrs.workflow;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The workflows that this process implements, by name.
 *
 * @since 0.1
 */
public final class WorkflowRegistry {

	private final Map<String, WorkflowDefinition> definitions = new ConcurrentHashMap<>();

	/**
	 * Adds a workflow.
	 * @param definition the workflow
	 * @throws DuplicateWorkflowException if there is one of that name
	 */
	public void register(WorkflowDefinition definition) {
		WorkflowDefinition first = this.definitions.putIfAbsent(definition.name(), definition);
		if (first != null) {
			throw new DuplicateWorkflowException(definition.name(), first.toString(), definition.toString());
		}
	}

	/**
	 * A workflow.
	 * @param name its name
	 * @return null if this process does not implement it
	 */
	public @Nullable WorkflowDefinition find(String name) {
		return this.definitions.get(name);
	}

	/**
	 * Names of all workflows.
	 * @return a copy, in no order
	 */
	public Set<String> names() {
		return Set.copyOf(this.definitions.keySet());
	}

}
