package io.pgqrs.workflow;

import io.pgqrs.Arguments;
import org.jspecify.annotations.Nullable;

/** Checks names of workflows, steps and signals. */
final class WorkflowNames {

	/** The name of its queue is longer. */
	private static final int MAX_WORKFLOW_LENGTH = 180;

	private WorkflowNames() {
	}

	static String workflow(@Nullable String name) {
		Arguments.check(name == null || name.length() <= MAX_WORKFLOW_LENGTH,
				() -> "The name of a workflow must not be longer than " + MAX_WORKFLOW_LENGTH + " characters");
		return Arguments.name("workflow", name);
	}

	static String step(@Nullable String name) {
		return Arguments.name("step", name);
	}

	static String signal(@Nullable String name) {
		return Arguments.name("signal", name);
	}

	static String key(@Nullable String key) {
		return Arguments.name("key", key);
	}

}
