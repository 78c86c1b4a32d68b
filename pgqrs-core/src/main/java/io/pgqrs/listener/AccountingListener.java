package io.pgqrs.listener;

import java.util.List;
import java.util.Set;

import io.pgqrs.QueueMessage;

/**
 * A listener that keeps account itself of what it handles, as the engine of workflows
 * does: it makes a {@link Task} of each message, and saves itself what became of many of
 * them at once. Its container claims, keeps the leases and provides the threads; it
 * completes nothing, and acts on no failure.
 * <p>
 * Such a listener has messages handed one by one, in {@link AckMode#ON_SUCCESS} and
 * without a {@link PgqrsListenerErrorHandler}.
 *
 * @since 0.1
 */
public interface AccountingListener extends PgqrsMessageListener {

	/**
	 * Takes what one claim brought, before anything of it is handled: what is the same
	 * work for many messages is done here once. Called by the thread that claims, which
	 * extends no lease meanwhile: to be quick. Must not throw because of one message. If
	 * it throws, all are given back, and are delivered again after a while.
	 * @param messages all of one queue, at least one
	 * @return a task for each message, in the order of the messages
	 */
	List<? extends Task> take(List<QueueMessage> messages);

	/**
	 * Settles tasks whose handling left that to do, in one statement. Called by one
	 * thread at a time, and again with the same tasks if it throws; their leases are kept
	 * until it returns.
	 * @param tasks all of one queue, at least one
	 * @return ids of the messages that were settled; the others lost their lease
	 */
	Set<Long> settle(List<? extends Task> tasks);

	/**
	 * Takes, performs and settles one after the other, so that such a listener works in
	 * any container.
	 */
	@Override
	default void onMessages(List<QueueMessage> messages, Acknowledgment acknowledgment) {
		for (Task task : take(messages)) {
			if (task.perform(Shutdown.none())) {
				settle(List.of(task));
			}
		}
	}

	/** One message to handle. */
	@FunctionalInterface
	interface Task {

		/**
		 * Handles the message. Does not throw because of it: what became of the message
		 * is the task's to know. If it throws nevertheless, the container logs that, and
		 * delivers the message again after the queue's initial backoff; the attempt
		 * counts.
		 * @param shutdown what is to be known of the container's end
		 * @return whether the task is to be settled; false if nothing is left to be done,
		 * and its lease is given up: it is extended no more
		 */
		boolean perform(Shutdown shutdown);

	}

}
