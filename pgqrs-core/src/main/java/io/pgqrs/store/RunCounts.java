package io.pgqrs.store;

/**
 * How many runs of a workflow have a status. Of the runs of a workflow that are stored
 * alike, only the {@link #LIMIT} oldest are looked at: beyond that, a run that is held by
 * somebody may be missing among the running ones.
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
