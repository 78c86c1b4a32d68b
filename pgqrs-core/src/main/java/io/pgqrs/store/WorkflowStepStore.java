package io.pgqrs.store;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What the holder of a run's lease writes down. Every call is fenced by the lease: it
 * does nothing once somebody else claimed the run. The message's row is locked before
 * anything is written, so a run cannot be claimed while a step of it is being recorded.
 *
 * @since 0.1
 */
public interface WorkflowStepStore {

	/**
	 * Claims one run that is due.
	 * @param runId id of the run
	 * @param workerId who claims, or {@link Claim#NO_WORKER}
	 * @param visibilityTimeout how long the lease lasts
	 * @return null if it is not due, has ended, somebody holds it, or its queue is paused
	 */
	@Nullable ClaimedMessage claim(long runId, long workerId, Duration visibilityTimeout);

	/**
	 * What runs have behind them, in one statement for all.
	 * @param leases who holds them
	 * @return by id; those whose lease is lost, and messages that stand for no run, are
	 * missing
	 */
	Map<Long, RunHistory> histories(Collection<Lease> leases);

	/**
	 * Records a step, in one statement. Recording the same once more under the same lease
	 * changes nothing and is answered as the first time. A step that is not complete is
	 * replaced.
	 * @param lease who holds the run
	 * @param step what to record
	 * @return what is to become of the run
	 */
	RunDirective record(Lease lease, StepOutcome step);

	/**
	 * Receives a signal, or records that the run waits for one. A signal that was sent
	 * before and one that is sent at the same time are not missed.
	 * @param lease who holds the run
	 * @param step name of the step that waits
	 * @param signal name of the signal
	 * @param timeout how long to wait, counted from the first call for this step
	 * @return what came of it
	 */
	SignalReceipt receive(Lease lease, String step, String signal, Duration timeout);

	/**
	 * Gives a run back, without an attempt: due when the first of its steps that are not
	 * complete may go on, and not later than its timeout; now if it waits for nothing, is
	 * to be cancelled, or a signal that it waits for is there; never if it is held.
	 * @param lease who holds the run
	 * @return from now until it is due, not negative; {@link #NEVER} if it is held; null
	 * if the lease is lost
	 */
	@Nullable Duration suspend(Lease lease);

	/**
	 * As {@link #end}, for those who need only the ids.
	 * @param ends how they end
	 * @return ids of those that ended; the others lost their lease
	 */
	default Set<Long> finish(Collection<RunEnd> ends) {
		return end(ends).keySet();
	}

	/**
	 * Ends runs and removes their messages, in one statement.
	 * @param ends how they end
	 * @return the statuses that they ended with, by id; those that are missing lost their
	 * lease
	 */
	Map<Long, String> end(Collection<RunEnd> ends);

	/** Of a run that is held. */
	Duration NEVER = Duration.ofDays(36_525);

}
