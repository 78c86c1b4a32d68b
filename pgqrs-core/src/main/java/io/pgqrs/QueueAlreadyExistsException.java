package io.pgqrs;

/**
 * There is a queue of that name already. It was left as it is.
 *
 * @since 0.1
 */
public class QueueAlreadyExistsException extends PgqrsException {

	private static final long serialVersionUID = 1L;

	/**
	 * Makes the exception.
	 * @param queue name of the queue
	 */
	public QueueAlreadyExistsException(String queue) {
		super("Queue '" + queue + "' exists already. It keeps its settings: change them under pgqrs.queues." + queue
				+ ", or delete it first with PgqrsAdmin.deleteQueue");
	}

}
