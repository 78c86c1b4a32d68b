package io.pgqrs.listener;

import java.util.List;

import io.pgqrs.QueueMessage;

/**
 * Sees what a listener threw before the container acts on it.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface PgqrsListenerErrorHandler {

	/**
	 * Handles a failure. To return means that the messages are handled, and they are
	 * completed; to throw, the same exception or another, that they have failed.
	 * @param messages that the listener was called with
	 * @param exception what it threw
	 * @throws Exception what the container is to act on
	 */
	void handleError(List<QueueMessage> messages, Exception exception) throws Exception;

}
