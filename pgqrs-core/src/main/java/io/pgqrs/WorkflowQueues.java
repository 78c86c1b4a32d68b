package io.pgqrs;

/**
 * Names of the queues that runs of workflows travel in: one for each workflow, apart from
 * the queues of messages.
 *
 * @since 0.1
 */
public final class WorkflowQueues {

	private static final String PREFIX = "workflow:";

	private WorkflowQueues() {
	}

	/**
	 * The queue of a workflow.
	 * @param workflow name of the workflow
	 * @return name of its queue
	 */
	public static String of(String workflow) {
		return PREFIX + workflow;
	}

	/**
	 * Whether a queue is that of a workflow.
	 * @param queue name of the queue
	 * @return true if runs travel in it
	 */
	public static boolean isOne(String queue) {
		return queue.startsWith(PREFIX);
	}

	/**
	 * The workflow of a queue.
	 * @param queue name of a queue that {@linkplain #isOne is} one of a workflow
	 * @return name of the workflow
	 */
	public static String workflow(String queue) {
		return queue.substring(PREFIX.length());
	}

}
