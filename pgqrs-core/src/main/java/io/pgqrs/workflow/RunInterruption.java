package io.pgqrs.workflow;

/**
 * Leaves the workflow method, where the run cannot go on in this thread now. An error, as
 * workflows catch exceptions.
 */
final class RunInterruption extends Error {

	private static final long serialVersionUID = 1L;

	private final Reason reason;

	RunInterruption(Reason reason) {
		super("The run leaves this thread (" + reason + "). Let this error pass", null, false, false);
		this.reason = reason;
	}

	Reason reason() {
		return this.reason;
	}

	enum Reason {

		/** It waits for something, or the container stops: to be given back. */
		SUSPENDED,

		/** A cancellation was asked for. */
		CANCELLED,

		/** The time of the run is up. */
		TIMED_OUT,

		/** Somebody else has it. */
		LOST,

		/** The database cannot be written to. */
		UNSAVED,

		/** The container waits no longer, and gives it back itself. */
		STOPPED

	}

}
