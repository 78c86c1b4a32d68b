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

	@ReadOperation
	public QueuesDescriptor queues() {
		return this.endpoint.queues().queues();
	}

	@ReadOperation
	public QueueDescriptor queue(String name) {
		return this.endpoint.queues().queue(name);
	}

	@ReadOperation
	public DeadLettersDescriptor deadLetters(String queue, @Nullable String limit, @Nullable String behind) {
		return this.endpoint.queues().deadLetters(queue, limit, behind, this.view);
	}

	@ReadOperation
	public MessageDescriptor message(Long id) {
		return this.endpoint.queues().message(id, this.view);
	}

	@ReadOperation
	public WorkersDescriptor workers() {
		return this.endpoint.queues().workers();
	}

	@ReadOperation
	public ListenersDescriptor listeners() {
		return this.endpoint.listeners().listeners();
	}

	@ReadOperation
	public ListenerDescriptor listener(String id) {
		return this.endpoint.listeners().listener(id);
	}

	@ReadOperation
	public WorkflowsDescriptor workflows() {
		return this.endpoint.workflows().workflows();
	}

	@ReadOperation
	public WorkflowRunsDescriptor workflow(String name, @Nullable String status, @Nullable String limit,
			@Nullable String behind) {
		return this.endpoint.workflows().workflow(name, status, limit, behind, this.view);
	}

	@ReadOperation
	public RunDescriptor run(Long id) {
		return this.endpoint.workflows().run(id, this.view);
	}

	@WriteOperation
	public QueueActionDescriptor pauseQueue(String name) {
		return this.endpoint.queues().act(name, "pause");
	}

	@WriteOperation
	public QueueActionDescriptor resumeQueue(String name) {
		return this.endpoint.queues().act(name, "resume");
	}

	@WriteOperation
	public QueueActionDescriptor purgeQueue(String name) {
		return this.endpoint.queues().act(name, "purge");
	}

	@WriteOperation
	public QueueActionDescriptor replayDeadLetters(String queue) {
		return this.endpoint.queues().act(queue, "replay");
	}

	@WriteOperation
	public QueueActionDescriptor purgeDeadLetters(String queue) {
		return this.endpoint.queues().act(queue, "purge-dead-letters");
	}

	@WriteOperation
	public MessageActionDescriptor replayMessage(Long id) {
		return this.endpoint.queues().act(id, "replay");
	}

	@WriteOperation
	public ListenerActionDescriptor startListener(String id) {
		return this.endpoint.listeners().act(id, "start");
	}

	@WriteOperation
	public ListenerActionDescriptor stopListener(String id) {
		return this.endpoint.listeners().act(id, "stop");
	}

	@WriteOperation
	public ListenerActionDescriptor pauseListener(String id) {
		return this.endpoint.listeners().act(id, "pause");
	}

	@WriteOperation
	public ListenerActionDescriptor resumeListener(String id) {
		return this.endpoint.listeners().act(id, "resume");
	}

	@WriteOperation
	public RunActionDescriptor cancelRun(Long id) {
		return this.endpoint.workflows().act(id, "cancel");
	}

	@WriteOperation
	public RunActionDescriptor pauseRun(Long id) {
		return this.endpoint.workflows().act(id, "pause");
	}

	@WriteOperation
	public RunActionDescriptor resumeRun(Long id) {
		return this.endpoint.workflows().act(id, "resume");
	}

	@WriteOperation
	public RunActionDescriptor retryRun(Long id) {
		return this.endpoint.workflows().act(id, "retry");
	}

	@WriteOperation
	public RunActionDescriptor signalRun(Long id, String signal, @Nullable String payload) {
		return this.endpoint.workflows().signal(id, signal, payload);
	}

}
