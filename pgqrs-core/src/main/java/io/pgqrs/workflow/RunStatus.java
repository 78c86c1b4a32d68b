package io.pgqrs.workflow;

/**
 * How far a run or a step is.
 *
 * @since 0.1
 */
public enum RunStatus {

	/**
	 * Waits for a consumer. A step: waits for its next attempt.
	 */
	QUEUED,

	/** Is being executed. */
	RUNNING,

	/** Sleeps, waits for a signal, or is paused until somebody resumes it. */
	PAUSED,

	/** Is to be cancelled as soon as its step ends. */
	CANCELLING,

	/** Ended because it was cancelled. */
	CANCELLED,

	/** Ended with its result. */
	SUCCESS,

	/** Ended with an error. */
	ERROR;

	/**
	 * Whether nothing more happens by itself.
	 * @return true for {@link #CANCELLED}, {@link #SUCCESS} and {@link #ERROR}
	 */
	public boolean isEnded() {
		return this == CANCELLED || this == SUCCESS || this == ERROR;
	}

}
