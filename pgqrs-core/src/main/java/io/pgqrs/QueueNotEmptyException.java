package io.pgqrs;

/**
 * A queue that holds messages or dead letters is not deleted.
 *
 * @since 0.1
 */
public class QueueNotEmptyException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param queue name of the queue
	 */
	public QueueNotEmptyException(String queue) {
		super("Queue '" + queue
				+ "' still holds messages or dead letters and was not deleted. Let it drain, or empty it with "
				+ "PgqrsAdmin.purgeQueue; bring its dead letters back with PgqrsAdmin.replayAll or purge them with "
				+ "PgqrsAdmin.purgeDeadLetters");
	}

}
