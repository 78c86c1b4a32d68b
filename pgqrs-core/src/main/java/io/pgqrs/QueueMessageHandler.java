package io.pgqrs;

/**
 * Handles one message.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface QueueMessageHandler {

	/**
	 * Handles a message.
	 * @param message the message, leased to the caller
	 * @throws Exception if it could not be handled, and is to be tried again
	 */
	void handle(QueueMessage message) throws Exception;

}
