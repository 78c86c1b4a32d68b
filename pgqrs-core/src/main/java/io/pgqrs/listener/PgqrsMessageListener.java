package io.pgqrs.listener;

import java.util.List;

import io.pgqrs.QueueMessage;

/**
 * Handles what a container hands it: one message at a time, or all that one claim
 * returned.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface PgqrsMessageListener {

	/**
	 * Handles messages, all of one queue.
	 * @param messages a single one, unless the container's {@code batch} option is set
	 * @param acknowledgment of all of them; only to be used in {@link AckMode#MANUAL}
	 * @throws Exception if they could not be handled; each is tried again or given up
	 */
	void onMessages(List<QueueMessage> messages, Acknowledgment acknowledgment) throws Exception;

}
