package io.pgqrs.workflow;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/** Which run the calling thread executes, and whether it is inside a step. */
final class RunScope {

	private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();

	private RunScope() {
	}

	static @Nullable WorkflowContext context() {
		Scope scope = CURRENT.get();
		return (scope != null) ? scope.context() : null;
	}

	/** Whether the calling thread is inside a step of the run. */
	static boolean isInStepOf(WorkflowContext context) {
		Scope scope = CURRENT.get();
		return scope != null && scope.context() == context && scope.inStep();
	}

	static <T extends @Nullable Object> T call(WorkflowContext context, boolean inStep, Callable<? extends T> body)
			throws Exception {
		Scope outer = CURRENT.get();
		CURRENT.set(new Scope(context, inStep));
		try {
			return body.call();
		}
		finally {
			if (outer != null) {
				CURRENT.set(outer);
			}
			else {
				CURRENT.remove();
			}
		}
	}

	private record Scope(WorkflowContext context, boolean inStep) {
	}

}
