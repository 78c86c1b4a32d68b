package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.util.List;

import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.DeadLettersDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.ListenerActionDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.ListenerDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.ListenersDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.MessageActionDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.MessageDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.QueueActionDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.QueueDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.QueuesDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.RunActionDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.RunDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.WorkersDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.WorkflowRunsDescriptor;
import io.pgqrs.spring.boot.autoconfigure.endpoint.PgqrsDescriptors.WorkflowsDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.jmx.annotation.EndpointJmxExtension;

/**
 * {@link EndpointJmxExtension @EndpointJmxExtension} that gives each operation of the
 * {@link PgqrsEndpoint} a name of its own. Errors are exceptions that say why.
 *
 * @since 0.1
 */
@EndpointJmxExtension(endpoint = PgqrsEndpoint.class)
public class PgqrsEndpointJmxExtension {

	private final PgqrsEndpoint endpoint;

	private final PayloadView view;

	/**
	 * Makes an extension.
	 * @param endpoint does the work
	 * @param showPayloads when to show payloads; who may use JMX counts as authorized
	 * @param sanitizingFunctions hide parts of payloads from everybody
	 */
	public PgqrsEndpointJmxExtension(PgqrsEndpoint endpoint, Show showPayloads,
			List<SanitizingFunction> sanitizingFunctions) {
		this.endpoint = endpoint;
		this.view = new PayloadView(List.copyOf(sanitizingFunctions), showPayloads.isShown(true));
	}

	/**
	 * All queues, as they were sampled last.
	 * @return the queues
	 */
	@ReadOperation
	public QueuesDescriptor queues() {
		return this.endpoint.queues().queues();
	}

	/**
	 * One queue, as it is now.
	 * @param name of the queue
	 * @return all about it
	 */
	@ReadOperation
	public QueueDescriptor queue(String name) {
		return this.endpoint.queues().queue(name);
	}

	/**
	 * Messages of a queue that were given up.
	 * @param queue its name
	 * @param limit how many, or null for the default
	 * @param behind what {@code next} said in the page before, or null
	 * @return the youngest first
	 */
	@ReadOperation
	public DeadLettersDescriptor deadLetters(String queue, @Nullable String limit, @Nullable String behind) {
		return this.endpoint.queues().deadLetters(queue, limit, behind, this.view);
	}

	/**
	 * One message, wherever it is.
	 * @param id of the message
	 * @return all about it
	 */
	@ReadOperation
	public MessageDescriptor message(Long id) {
		return this.endpoint.queues().message(id, this.view);
	}

	/**
	 * Processes that consume, or did.
	 * @return the youngest first
	 */
	@ReadOperation
	public WorkersDescriptor workers() {
		return this.endpoint.queues().workers();
	}

	/**
	 * Containers of this process.
	 * @return the containers
	 */
	@ReadOperation
	public ListenersDescriptor listeners() {
		return this.endpoint.listeners().listeners();
	}

	/**
	 * One container of this process.
	 * @param id of the listener
	 * @return all about it
	 */
	@ReadOperation
	public ListenerDescriptor listener(String id) {
		return this.endpoint.listeners().listener(id);
	}

	/**
	 * Workflows that have runs, or that this process executes.
	 * @return how many runs they have
	 */
	@ReadOperation
	public WorkflowsDescriptor workflows() {
		return this.endpoint.workflows().workflows();
	}

	/**
	 * One workflow and its runs.
	 * @param name of the workflow
	 * @param status only runs of these statuses, with commas, or null for all
	 * @param limit how many runs, or null for the default
	 * @param behind what {@code next} said in the page before, or null
	 * @return the youngest first
	 */
	@ReadOperation
	public WorkflowRunsDescriptor workflow(String name, @Nullable String status, @Nullable String limit,
			@Nullable String behind) {
		return this.endpoint.workflows().workflow(name, status, limit, behind, this.view);
	}

	/**
	 * One run and its steps.
	 * @param id of the run
	 * @return all about it
	 */
	@ReadOperation
	public RunDescriptor run(Long id) {
		return this.endpoint.workflows().run(id, this.view);
	}

	/**
	 * Stops all consumers in all processes from claiming.
	 * @param name of the queue
	 * @return what was done
	 */
	@WriteOperation
	public QueueActionDescriptor pauseQueue(String name) {
		return this.endpoint.queues().act(name, "pause");
	}

	/**
	 * Lets consumers claim again.
	 * @param name of the queue
	 * @return what was done
	 */
	@WriteOperation
	public QueueActionDescriptor resumeQueue(String name) {
		return this.endpoint.queues().act(name, "resume");
	}

	/**
	 * Deletes all messages of a queue, pending and in flight.
	 * @param name of the queue
	 * @return how many
	 */
	@WriteOperation
	public QueueActionDescriptor purgeQueue(String name) {
		return this.endpoint.queues().act(name, "purge");
	}

	/**
	 * Puts all dead letters of a queue back.
	 * @param queue its name
	 * @return how many
	 */
	@WriteOperation
	public QueueActionDescriptor replayDeadLetters(String queue) {
		return this.endpoint.queues().act(queue, "replay");
	}

	/**
	 * Deletes all dead letters of a queue.
	 * @param queue its name
	 * @return how many
	 */
	@WriteOperation
	public QueueActionDescriptor purgeDeadLetters(String queue) {
		return this.endpoint.queues().act(queue, "purge-dead-letters");
	}

	/**
	 * Puts a dead letter back into its queue.
	 * @param id of the message
	 * @return what was done
	 */
	@WriteOperation
	public MessageActionDescriptor replayMessage(Long id) {
		return this.endpoint.queues().act(id, "replay");
	}

	/**
	 * Starts a container of this process.
	 * @param id of the listener
	 * @return its state
	 */
	@WriteOperation
	public ListenerActionDescriptor startListener(String id) {
		return this.endpoint.listeners().act(id, "start");
	}

	/**
	 * Stops a container of this process. Does not wait for handlers that run.
	 * @param id of the listener
	 * @return its state
	 */
	@WriteOperation
	public ListenerActionDescriptor stopListener(String id) {
		return this.endpoint.listeners().act(id, "stop");
	}

	/**
	 * Lets a container of this process claim nothing more.
	 * @param id of the listener
	 * @return its state
	 */
	@WriteOperation
	public ListenerActionDescriptor pauseListener(String id) {
		return this.endpoint.listeners().act(id, "pause");
	}

	/**
	 * Lets a container of this process claim again.
	 * @param id of the listener
	 * @return its state
	 */
	@WriteOperation
	public ListenerActionDescriptor resumeListener(String id) {
		return this.endpoint.listeners().act(id, "resume");
	}

	/**
	 * Ends a run, at once or when its step ends.
	 * @param id of the run
	 * @return its status
	 */
	@WriteOperation
	public RunActionDescriptor cancelRun(Long id) {
		return this.endpoint.workflows().act(id, "cancel");
	}

	/**
	 * Holds a run, at once or when its step ends.
	 * @param id of the run
	 * @return its status
	 */
	@WriteOperation
	public RunActionDescriptor pauseRun(Long id) {
		return this.endpoint.workflows().act(id, "pause");
	}

	/**
	 * Lets a run go on that was paused.
	 * @param id of the run
	 * @return its status
	 */
	@WriteOperation
	public RunActionDescriptor resumeRun(Long id) {
		return this.endpoint.workflows().act(id, "resume");
	}

	/**
	 * Lets a run that failed go on from its last completed step.
	 * @param id of the run
	 * @return its status
	 */
	@WriteOperation
	public RunActionDescriptor retryRun(Long id) {
		return this.endpoint.workflows().act(id, "retry");
	}

	/**
	 * Sends a signal to a run.
	 * @param id of the run
	 * @param signal its name
	 * @param payload JSON text, or null for none
	 * @return the status of the run
	 */
	@WriteOperation
	public RunActionDescriptor signalRun(Long id, String signal, @Nullable String payload) {
		return this.endpoint.workflows().signal(id, signal, payload);
	}

}
