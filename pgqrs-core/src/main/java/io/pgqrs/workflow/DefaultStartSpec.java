package io.pgqrs.workflow;

import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.pgqrs.Arguments;
import io.pgqrs.WorkflowQueues;
import io.pgqrs.store.NewRun;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;

/** Collects what to start, checks it, and hands it on. */
final class DefaultStartSpec implements StartSpec {

	private final WorkflowTemplate workflows;

	private final String workflow;

	private @Nullable Object input;

	private @Nullable String key;

	private @Nullable Duration delay;

	private @Nullable Instant at;

	private int priority;

	private @Nullable Duration timeout;

	DefaultStartSpec(WorkflowTemplate workflows, String workflow) {
		this.workflows = workflows;
		this.workflow = WorkflowNames.workflow(workflow);
	}

	@Override
	public DefaultStartSpec input(@Nullable Object input) {
		this.input = input;
		return this;
	}

	@Override
	public DefaultStartSpec key(String key) {
		this.key = WorkflowNames.key(key);
		return this;
	}

	@Override
	public DefaultStartSpec delay(Duration delay) {
		this.delay = Arguments.notNegative("delay", delay);
		return this;
	}

	@Override
	public DefaultStartSpec at(Instant time) {
		this.at = Arguments.time("at", time);
		return this;
	}

	@Override
	public DefaultStartSpec priority(int priority) {
		this.priority = priority;
		return this;
	}

	@Override
	public DefaultStartSpec timeout(Duration timeout) {
		this.timeout = Arguments.positive("timeout", timeout);
		return this;
	}

	@Override
	public WorkflowHandle<?> send() {
		return send(this.workflows.resultType(this.workflow));
	}

	@Override
	public <O> WorkflowHandle<O> send(Class<O> resultType) {
		return send((Type) resultType);
	}

	<O> WorkflowHandle<O> send(Type resultType) {
		Arguments.check(this.delay == null || this.at == null, () -> "Set either delay(..) or at(..), not both");
		String json = this.workflows.write(this.workflow, this.input);
		String queue = WorkflowQueues.of(this.workflow);
		long id = this.workflows.instrumentation()
			.enqueue(queue, 1, Map.of(), (headers) -> this.workflows.start(new NewRun(this.workflow, queue, this.key,
					json, this.priority, this.delay, this.at, this.timeout, PayloadJson.writeHeaders(headers), null)));
		return new DefaultWorkflowHandle<>(this.workflows, id, resultType);
	}

}
