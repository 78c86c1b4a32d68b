package io.pgqrs.store.jdbc;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Deletes runs that have expired, without an index on when they ended. A run that expired
 * was also created before the retention began, and ids grow as runs are created. So each
 * step goes along the ids of the runs that have ended, workflow by workflow and status by
 * status, and stops at the first one that was created too late. What is in its way are
 * runs that were created early and ended late: a step passes over no more of them than it
 * may delete, and the next one goes on behind, also in a later call. So they hide nothing
 * behind them for long, and no call looks at more than a fixed number of runs.
 *
 * @since 0.1
 */
public final class RunSweep {

	private static final int STEPS = 10;

	private final AtomicLong position = new AtomicLong();

	/**
	 * Deletes runs.
	 * @param limit how many at the most; each step looks at no more of each workflow and
	 * status
	 * @param step deletes
	 * @return how many; less than the limit if the end was reached, or too many runs were
	 * passed over for one call
	 */
	public int sweep(int limit, Step step) {
		int deleted = 0;
		for (int i = 0; i < STEPS; i++) {
			Swept swept = step.sweep(this.position.get(), limit, limit - deleted);
			deleted += swept.deleted();
			if (deleted == limit) {
				break;
			}
			this.position.set(swept.next());
			if (swept.next() == 0) {
				break;
			}
		}
		return deleted;
	}

	/** One transaction. */
	@FunctionalInterface
	public interface Step {

		/**
		 * Deletes runs.
		 * @param after id of the run behind which to begin
		 * @param walk how many runs of each workflow and status to look at
		 * @param limit how many to delete at the most
		 * @return what was done
		 */
		Swept sweep(long after, int walk, int limit);

	}

	/**
	 * What a step did.
	 *
	 * @param deleted how many runs
	 * @param next id of the run behind which the next step begins; 0 if this one reached
	 * the end of all
	 */
	public record Swept(int deleted, long next) {
	}

}
