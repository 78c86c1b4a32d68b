package io.pgqrs.workflow;

import java.time.Instant;

import io.pgqrs.store.RunRecord;
import org.jspecify.annotations.Nullable;

/**
 * A run of a workflow.
 *
 * @param id of the run
 * @param workflow name of the workflow
 * @param key the idempotency key that it was started with, or null
 * @param attempt deliveries that failed, lost their lease or are under way; 0 before the
 * first one, 1 for a run that went well
 * @param priority higher goes first
 * @param status how far it is
 * @param input JSON, or null
 * @param output JSON, or null as long as there is none, and for a result that is null
 * @param error JSON object with {@code type}, {@code message}, {@code step} and
 * {@code attempts}, or null
 * @param createdAt when it was started, by the database's clock
 * @param startedAt when it was executed for the first time, or null
 * @param completedAt when it ended, or null
 * @since 0.1
 */
public record WorkflowRun(long id, String workflow, @Nullable String key, int attempt, int priority, RunStatus status,
		@Nullable String input, @Nullable String output, @Nullable String error, Instant createdAt,
		@Nullable Instant startedAt, @Nullable Instant completedAt) {

	static WorkflowRun of(RunRecord run) {
		return new WorkflowRun(run.id(), run.workflow(), run.key(), run.attempt(), run.priority(),
				RunStatus.valueOf(run.status()), run.input(), run.output(), run.error(), run.createdAt(),
				run.startedAt(), run.completedAt());
	}

}
