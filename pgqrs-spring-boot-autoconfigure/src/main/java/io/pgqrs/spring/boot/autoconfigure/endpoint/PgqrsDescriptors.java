package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.pgqrs.MessageInfo;
import io.pgqrs.QueueInfo;
import io.pgqrs.QueueMetrics;
import io.pgqrs.WorkerInfo;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.ContainerState;
import io.pgqrs.store.SchemaStatus;
import io.pgqrs.workflow.RunStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint answers. Fields that are null are left out of JSON.
 *
 * @since 0.1
 */
public final class PgqrsDescriptors {

	private PgqrsDescriptors() {
	}

	/**
	 * All at a glance.
	 *
	 * @param database the database
	 * @param wakeUp how this process learns of what others enqueue
	 * @param listeners containers of this process
	 * @param sampleAge how old the following is, or null without it
	 * @param queues what they hold, or null if the database cannot be asked
	 * @param workflows how many runs they have, or null if the database cannot be asked
	 * @param workers processes that consume, or null if the database cannot be asked
	 */
	public record OverviewDescriptor(DatabaseDescriptor database, String wakeUp, List<ListenerDescriptor> listeners,
			@Nullable Duration sampleAge, @Nullable List<QueueMetrics> queues,
			@Nullable List<WorkflowDescriptor> workflows,
			@Nullable List<WorkerInfo> workers) implements OperationResponseBody {
	}

	/**
	 * The database.
	 *
	 * @param product its name
	 * @param reachable whether it answers
	 * @param schema its tables, or null if that could not be found out
	 * @param error why it cannot be asked, or null
	 */
	public record DatabaseDescriptor(String product, boolean reachable, @Nullable SchemaDescriptor schema,
			@Nullable String error) {
	}

	/**
	 * The tables.
	 *
	 * @param state whether they are those that this library needs
	 * @param version of what is installed, or null
	 * @param detail what differs, or null
	 */
	public record SchemaDescriptor(SchemaStatus.State state, @Nullable String version, @Nullable String detail) {
	}

	/**
	 * All queues.
	 *
	 * @param queues by name
	 */
	public record QueuesDescriptor(List<QueueMetrics> queues) implements OperationResponseBody {
	}

	/**
	 * A queue.
	 *
	 * @param metrics what it holds now
	 * @param configuration its settings in the database
	 * @param listeners containers of this process that consume it
	 * @param workers running processes that consume it
	 */
	public record QueueDescriptor(QueueMetrics metrics, QueueInfo configuration, List<ListenerDescriptor> listeners,
			List<WorkerInfo> workers) implements OperationResponseBody {
	}

	/**
	 * A page of dead letters.
	 *
	 * @param queue name of the queue
	 * @param deadLetters the youngest first
	 * @param next asks for the next page as {@code behind}, or null if there is none
	 */
	public record DeadLettersDescriptor(String queue, List<DeadLetterDescriptor> deadLetters,
			@Nullable String next) implements OperationResponseBody {
	}

	/**
	 * A message that was given up.
	 *
	 * @param id of the message
	 * @param attempts deliveries that failed or lost their lease
	 * @param enqueuedAt when it was enqueued
	 * @param diedAt when it was given up
	 * @param error why
	 * @param headers their values only if the caller may see them
	 * @param payload only if the caller may see it
	 */
	public record DeadLetterDescriptor(long id, int attempts, Instant enqueuedAt, Instant diedAt,
			@Nullable Object error, Map<String, @Nullable Object> headers, @Nullable Object payload) {
	}

	/**
	 * A message, wherever it is.
	 *
	 * @param id of the message
	 * @param queue its queue
	 * @param state where it is
	 * @param priority higher goes first
	 * @param attempts deliveries that failed, lost their lease or are under way
	 * @param enqueuedAt when it was enqueued
	 * @param visibleAt when it can be claimed, or the end of its lease, or null
	 * @param claimedAt when it was claimed for the first time, or null
	 * @param endedAt when it was archived or given up, or null
	 * @param worker id of the worker that holds it, or null
	 * @param deduplicationKey its key, or null
	 * @param error why it was given up, or null
	 * @param headers their values only if the caller may see them
	 * @param payload only if the caller may see it
	 */
	public record MessageDescriptor(long id, String queue, MessageInfo.State state, int priority, int attempts,
			Instant enqueuedAt, @Nullable Instant visibleAt, @Nullable Instant claimedAt, @Nullable Instant endedAt,
			@Nullable Long worker, @Nullable String deduplicationKey, @Nullable Object error,
			Map<String, @Nullable Object> headers, @Nullable Object payload) implements OperationResponseBody {
	}

	/**
	 * All workers.
	 *
	 * @param workers the youngest first
	 */
	public record WorkersDescriptor(List<WorkerInfo> workers) implements OperationResponseBody {
	}

	/**
	 * All containers of this process.
	 *
	 * @param listeners by id
	 */
	public record ListenersDescriptor(List<ListenerDescriptor> listeners) implements OperationResponseBody {
	}

	/**
	 * A container of this process.
	 *
	 * @param id of its listener
	 * @param queues what it consumes
	 * @param state what it does
	 * @param paused whether it is to claim nothing until it is resumed, which a start
	 * does not change
	 * @param options how it works, or null in a list
	 */
	public record ListenerDescriptor(String id, List<String> queues, ContainerState state, boolean paused,
			@Nullable ContainerOptions options) implements OperationResponseBody {
	}

	/**
	 * All workflows.
	 *
	 * @param workflows by name
	 */
	public record WorkflowsDescriptor(List<WorkflowDescriptor> workflows) implements OperationResponseBody {
	}

	/**
	 * A workflow.
	 *
	 * @param workflow its name
	 * @param implemented whether this process executes it
	 * @param runs how many have each status
	 */
	public record WorkflowDescriptor(String workflow, boolean implemented, Map<RunStatus, Long> runs) {
	}

	/**
	 * A workflow with a page of its runs.
	 *
	 * @param workflow its name
	 * @param implemented whether this process executes it
	 * @param counts how many runs have each status
	 * @param runs the youngest first
	 * @param next asks for the next page as {@code behind}, or null if there is none
	 */
	public record WorkflowRunsDescriptor(String workflow, boolean implemented, Map<RunStatus, Long> counts,
			List<RunSummaryDescriptor> runs, @Nullable String next) implements OperationResponseBody {
	}

	/**
	 * A run in a list.
	 *
	 * @param id of the run
	 * @param key its idempotency key, or null
	 * @param status how far it is
	 * @param attempt which delivery
	 * @param createdAt when it was started
	 * @param startedAt when it was executed for the first time, or null
	 * @param completedAt when it ended, or null
	 * @param duration from its first execution to its end, or null
	 * @param error why it failed, or null
	 */
	public record RunSummaryDescriptor(long id, @Nullable String key, RunStatus status, int attempt, Instant createdAt,
			@Nullable Instant startedAt, @Nullable Instant completedAt, @Nullable Duration duration,
			@Nullable Object error) {
	}

	/**
	 * A run.
	 *
	 * @param id of the run
	 * @param workflow its workflow
	 * @param key its idempotency key, or null
	 * @param status how far it is
	 * @param attempt which delivery
	 * @param priority higher goes first
	 * @param createdAt when it was started
	 * @param startedAt when it was executed for the first time, or null
	 * @param completedAt when it ended, or null
	 * @param duration from its first execution to its end, or null
	 * @param error why it failed, or null
	 * @param input only if the caller may see it
	 * @param output only if the caller may see it
	 * @param steps in the order in which they began
	 */
	public record RunDescriptor(long id, String workflow, @Nullable String key, RunStatus status, int attempt,
			int priority, Instant createdAt, @Nullable Instant startedAt, @Nullable Instant completedAt,
			@Nullable Duration duration, @Nullable Object error, @Nullable Object input, @Nullable Object output,
			List<StepDescriptor> steps) implements OperationResponseBody {
	}

	/**
	 * A step of a run.
	 *
	 * @param name unique in its run
	 * @param status how far it is
	 * @param attempts how often its body ran to an end
	 * @param startedAt when its first attempt began
	 * @param completedAt when it was complete, or null
	 * @param duration from its first attempt to its end, or null
	 * @param error of the last attempt that failed, or null
	 * @param output only if the caller may see it
	 */
	public record StepDescriptor(String name, RunStatus status, int attempts, Instant startedAt,
			@Nullable Instant completedAt, @Nullable Duration duration, @Nullable Object error,
			@Nullable Object output) {
	}

	/**
	 * What was done to a queue.
	 *
	 * @param queue its name
	 * @param action what
	 * @param messages how many messages it concerned, or null
	 */
	public record QueueActionDescriptor(String queue, String action,
			@Nullable Integer messages) implements OperationResponseBody {
	}

	/**
	 * What was done to a message.
	 *
	 * @param message its id
	 * @param queue its queue
	 * @param action what
	 */
	public record MessageActionDescriptor(long message, String queue, String action) implements OperationResponseBody {
	}

	/**
	 * What was done to a container.
	 *
	 * @param listener its id
	 * @param action what
	 * @param state what it does now
	 */
	public record ListenerActionDescriptor(String listener, String action,
			ContainerState state) implements OperationResponseBody {
	}

	/**
	 * What was done to a run.
	 *
	 * @param run its id
	 * @param action what
	 * @param status how far it is now
	 */
	public record RunActionDescriptor(long run, String action, RunStatus status) implements OperationResponseBody {
	}

	/**
	 * Why nothing was done.
	 *
	 * @param error the reason, and what to do about it
	 */
	public record ErrorDescriptor(String error) implements OperationResponseBody {
	}

}
