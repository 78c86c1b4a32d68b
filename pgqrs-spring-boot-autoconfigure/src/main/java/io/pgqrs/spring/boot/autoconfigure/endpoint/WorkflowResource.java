package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.pgqrs.InvalidArgumentException;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.QueueNotFoundException;
import io.pgqrs.WorkflowQueues;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.RunActionDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.RunDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.RunSummaryDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.StepDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.WorkflowDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.WorkflowRunsDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.WorkflowsDescriptor;
import io.pgqrs.workflow.RunQuery;
import io.pgqrs.workflow.RunStatus;
import io.pgqrs.workflow.StepInfo;
import io.pgqrs.workflow.WorkflowMetrics;
import io.pgqrs.workflow.WorkflowNotFoundException;
import io.pgqrs.workflow.WorkflowOperations;
import io.pgqrs.workflow.WorkflowRun;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Workflows and their runs. */
final class WorkflowResource {

	private final @Nullable WorkflowOperations operations;

	private final PgqrsAdmin admin;

	private final PgqrsSampler sampler;

	private final ListenerResource listeners;

	WorkflowResource(@Nullable WorkflowOperations operations, PgqrsAdmin admin, PgqrsSampler sampler,
			ListenerResource listeners) {
		this.operations = operations;
		this.admin = admin;
		this.sampler = sampler;
		this.listeners = listeners;
	}

	WorkflowsDescriptor workflows() {
		return new WorkflowsDescriptor(describe(this.sampler.sample().workflows()));
	}

	/** Those that have runs, and those that this process executes. */
	List<WorkflowDescriptor> describe(List<WorkflowMetrics> metrics) {
		Map<String, Map<RunStatus, Long>> runs = new TreeMap<>();
		this.listeners.listeners()
			.listeners()
			.stream()
			.flatMap((listener) -> listener.queues().stream())
			.filter(WorkflowQueues::isOne)
			.forEach((queue) -> runs.put(WorkflowQueues.workflow(queue), WorkflowMetrics.none()));
		metrics.forEach((workflow) -> runs.put(workflow.workflow(), workflow.runs()));
		return runs.entrySet()
			.stream()
			.map((entry) -> new WorkflowDescriptor(entry.getKey(), isImplemented(entry.getKey()), entry.getValue()))
			.toList();
	}

	private boolean isImplemented(String workflow) {
		return !this.listeners.consuming(WorkflowQueues.of(workflow)).isEmpty();
	}

	WorkflowRunsDescriptor workflow(String name, @Nullable String status, @Nullable String limit,
			@Nullable String behind, PayloadView view) {
		RunQuery query = RunQuery.of(name);
		if (status != null) {
			query = query.status(statuses(status));
		}
		if (behind != null) {
			query = query.before(RequestValues.id("run", behind));
		}
		int size = RequestValues.limit(limit);
		boolean implemented = isImplemented(name);
		if (!implemented) {
			checkIsKnown(name);
		}
		List<WorkflowRun> found = operations().list(query.limit(size + 1));
		List<WorkflowRun> page = found.subList(0, Math.min(size, found.size()));
		String next = (found.size() > size) ? String.valueOf(page.get(size - 1).id()) : null;
		return new WorkflowRunsDescriptor(name, implemented, counts(name),
				page.stream().map((run) -> summary(run, view)).toList(), next);
	}

	private static RunStatus[] statuses(String names) {
		try {
			return Arrays.stream(names.split(","))
				.map((name) -> RunStatus.valueOf(name.strip().toUpperCase(Locale.ROOT)))
				.toArray(RunStatus[]::new);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidArgumentException(
					"'" + names + "' is no status of a run. There are " + List.of(RunStatus.values()));
		}
	}

	/** Whoever implements a workflow, or starts a run of it, creates its queue. */
	private void checkIsKnown(String workflow) {
		try {
			this.admin.queue(WorkflowQueues.of(workflow));
		}
		catch (QueueNotFoundException ex) {
			throw new WorkflowNotFoundException(workflow,
					"Workflow '" + workflow + "' is not known: no process has implemented it yet, and it has no runs");
		}
	}

	private Map<RunStatus, Long> counts(String workflow) {
		return operations().metrics()
			.stream()
			.filter((metrics) -> metrics.workflow().equals(workflow))
			.findFirst()
			.map(WorkflowMetrics::runs)
			.orElseGet(WorkflowMetrics::none);
	}

	private static RunSummaryDescriptor summary(WorkflowRun run, PayloadView view) {
		return new RunSummaryDescriptor(run.id(), run.key(), run.status(), run.attempt(), run.createdAt(),
				run.startedAt(), run.completedAt(), RequestValues.between(run.startedAt(), run.completedAt()),
				view.error(run.error()));
	}

	RunDescriptor run(long id, PayloadView view) {
		WorkflowRun run = operations().get(id);
		return new RunDescriptor(id, run.workflow(), run.key(), run.status(), run.attempt(), run.priority(),
				run.createdAt(), run.startedAt(), run.completedAt(),
				RequestValues.between(run.startedAt(), run.completedAt()), view.error(run.error()),
				view.json("input", run.input()), view.json("output", run.output()),
				operations().steps(id).stream().map((step) -> describe(step, view)).toList());
	}

	private static StepDescriptor describe(StepInfo step, PayloadView view) {
		return new StepDescriptor(step.name(), step.status(), step.attempts(), step.startedAt(), step.completedAt(),
				RequestValues.between(step.startedAt(), step.completedAt()), view.error(step.error()),
				view.json("output", step.output()));
	}

	RunActionDescriptor act(long id, @Nullable String action) {
		WorkflowOperations runs = operations();
		boolean done = switch (String.valueOf(action)) {
			case "cancel" -> runs.cancel(id);
			case "pause" -> runs.pause(id);
			case "resume" -> runs.resume(id);
			case "retry" -> runs.retry(id);
			default -> throw RequestValues.unknownAction(action, "run", "cancel", "pause", "resume", "retry", "signal");
		};
		return done(id, String.valueOf(action), done);
	}

	RunActionDescriptor signal(long id, @Nullable String signal, @Nullable String payload) {
		if (signal == null) {
			throw new InvalidArgumentException("The body must name the \"signal\" to send");
		}
		operations().signal(id, signal, (payload != null) ? read(payload) : null);
		return done(id, "signal", true);
	}

	private static JsonNode read(String payload) {
		try {
			JsonNode json = PayloadView.EXACT.readTree(payload);
			if (!json.isMissingNode()) {
				return json;
			}
		}
		catch (JacksonException ex) {
			// Said below.
		}
		throw new InvalidArgumentException("'payload' must be JSON text, such as {\"by\": \"Ada\"} or \"yes\" with its "
				+ "quotation marks. Within JSON, escape these");
	}

	private RunActionDescriptor done(long id, String action, boolean done) {
		RunStatus status = operations().get(id).status();
		if (!done) {
			throw new InvalidArgumentException("Run " + id + " is " + status + ". " + switch (action) {
				case "cancel" -> "It has ended and cannot be cancelled";
				case "pause" -> "Only a run that has not ended, is not to be cancelled and is not paused can be paused";
				case "resume" -> (status == RunStatus.PAUSED)
						? "It sleeps or waits for a signal, goes on by itself, and was not paused by anybody"
						: "Only a run that was paused can be resumed";
				default -> "Only a run that ended with ERROR can be retried";
			});
		}
		this.sampler.reset();
		return new RunActionDescriptor(id, action, status);
	}

	private WorkflowOperations operations() {
		if (this.operations == null) {
			throw new ResourceNotFoundException(
					"This application has no workflows: their auto-configuration is excluded, or there are several "
							+ "WorkflowOperations and none is primary");
		}
		return this.operations;
	}

}
