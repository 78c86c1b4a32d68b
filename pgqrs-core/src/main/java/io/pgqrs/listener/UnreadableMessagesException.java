package io.pgqrs.listener;

import java.util.Map;

import io.pgqrs.PgqrsException;
import io.pgqrs.QueueMessage;

/**
 * Thrown by a listener of batches before it handles anything, when some of the messages
 * cannot be read. Those become dead letters, and the listener is called again with the
 * others.
 *
 * @since 0.1
 */
public class UnreadableMessagesException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	private final transient Map<QueueMessage, Exception> failures;

	public UnreadableMessagesException(Map<QueueMessage, Exception> failures) {
		super("Cannot read " + failures.keySet());
		this.failures = Map.copyOf(failures);
	}

	/**
	 * What cannot be read, and why.
	 * @return at least one message
	 */
	public Map<QueueMessage, Exception> getFailures() {
		return this.failures;
	}

}
