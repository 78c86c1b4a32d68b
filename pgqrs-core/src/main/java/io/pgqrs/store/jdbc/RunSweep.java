package io.pgqrs.store.jdbc;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Deletes runs that have expired, without an index on when they ended. A run that expired
 * was also created before its retention began, and ids grow as runs are created. So a
 * step goes along the ids of the runs that have ended, workflow by workflow and status by
 * status, and leaves each at the first run that was created too late. What it passes over
 * are runs that were created early and ended late. It looks at no more runs than may be
 * deleted, and the next step goes on behind, also in a later call, until all was seen: so
 * such runs hide nothing behind them for ever, and no call looks at more than a fixed
 * number of runs, however many there are.
 *
 * @since 0.1
 */
public final class RunSweep {

	private static final int STEPS = 10;

	private final AtomicReference<Position> position = new AtomicReference<>(Position.START);

	/**
	 * Deletes runs.
	 * @param limit how many at the most
	 * @param step deletes
	 * @return how many; less than the limit if the end was reached, or if so many runs
	 * were passed over that it is enough for one call
	 */
	public int sweep(int limit, Step step) {
		int deleted = 0;
		for (int i = 0; i < STEPS && deleted < limit; i++) {
			Swept swept = step.sweep(this.position.get(), limit, limit - deleted);
			deleted += swept.deleted();
			this.position.set(swept.next());
			if (swept.next().equals(Position.START)) {
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
		 * @param behind where to begin
		 * @param walk how many runs to look at
		 * @param limit how many to delete at the most
		 * @return what was done
		 */
		Swept sweep(Position behind, int walk, int limit);

	}

	/**
	 * A run, which need not exist any more.
	 *
	 * @param workflow name of its workflow
	 * @param status how it ended
	 * @param id of the run
	 */
	public record Position(String workflow, String status, long id) {

		/** Before all runs. */
		public static final Position START = new Position("", "", 0);

	}

	/**
	 * What a step did.
	 *
	 * @param deleted how many runs
	 * @param next behind which the next step begins; {@link Position#START} if this one
	 * reached the end
	 */
	public record Swept(int deleted, Position next) {
	}

}
