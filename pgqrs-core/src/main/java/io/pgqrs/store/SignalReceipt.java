package io.pgqrs.store;

import org.jspecify.annotations.Nullable;

/**
 * What came of waiting for a signal.
 *
 * @param state what happened
 * @param payload of the signal as JSON, or null if it has none or none came
 * @param directive what is to become of the run; {@link RunDirective#LOST} if nothing was
 * written down
 * @since 0.1
 */
public record SignalReceipt(State state, @Nullable String payload, RunDirective directive) {

	/** What happened. */
	public enum State {

		/** A signal was there; it is consumed, and recorded as the step's output. */
		RECEIVED,

		/**
		 * The time is up, and that is recorded: the step is complete without an output.
		 */
		TIMED_OUT,

		/** None is there yet; it is recorded that the run waits, and until when. */
		WAITING

	}

}
