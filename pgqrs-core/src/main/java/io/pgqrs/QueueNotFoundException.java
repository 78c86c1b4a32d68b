package io.pgqrs;

/**
 * There is no queue of that name.
 *
 * @since 0.1
 */
public class QueueNotFoundException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	private final String queue;

	/**
	 * Makes the exception.
	 * @param queue the name that was asked for
	 */
	public QueueNotFoundException(String queue) {
		super("Queue '" + queue + "' does not exist. Create it with PgqrsAdmin.createQueue or under pgqrs.queues.*");
		this.queue = queue;
	}

	/**
	 * Name of the queue.
	 * @return the name that was asked for
	 */
	public String getQueue() {
		return this.queue;
	}

}
