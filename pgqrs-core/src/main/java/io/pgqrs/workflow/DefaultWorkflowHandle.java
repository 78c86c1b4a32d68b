package io.pgqrs.workflow;

import java.lang.reflect.Type;
import java.time.Duration;

/** A run, asked for by its id. */
final class DefaultWorkflowHandle<O> implements WorkflowHandle<O> {

	private final WorkflowTemplate workflows;

	private final long id;

	private final Type resultType;

	DefaultWorkflowHandle(WorkflowTemplate workflows, long id, Type resultType) {
		this.workflows = workflows;
		this.id = id;
		this.resultType = resultType;
	}

	@Override
	public long id() {
		return this.id;
	}

	@Override
	public RunStatus status() {
		return get().status();
	}

	@Override
	public WorkflowRun get() {
		return this.workflows.get(this.id);
	}

	@Override
	@SuppressWarnings({ "unchecked", "NullAway" }) // result() returns what it was asked
													// for
	public O result(Duration timeout) {
		return (O) this.workflows.result(this.id, this.resultType, timeout);
	}

	@Override
	public boolean cancel() {
		return this.workflows.cancel(this.id);
	}

	@Override
	public String toString() {
		return "WorkflowHandle[" + this.id + "]";
	}

}
