package io.pgqrs.store;

/**
 * How many runs of a workflow have a status. Of what waits in the queue of a workflow,
 * {@code workflow:name}, no more than about {@link #LIMIT} is looked at: beyond that, a
 * run that somebody holds may be taken for one that waits.
 *
 * @param workflow name of the workflow
 * @param status as in {@link RunRecord}
 * @param count at least 1; not counted beyond {@link #LIMIT}
 * @since 0.1
 */
public record RunCounts(String workflow, String status, long count) {

	/** No figure is counted beyond this. */
	public static final int LIMIT = 10_000;

}
