package io.pgqrs.store;

/**
 * What a recorded step is.
 *
 * @since 0.1
 */
public enum StepKind {

	/** Code with a result. */
	STEP,

	/** A time to wait for. */
	SLEEP,

	/** A signal to wait for. */
	SIGNAL

}
