package io.pgqrs.store;

/**
 * What is to become of a run, as its holder finds out when it writes something down.
 *
 * @since 0.1
 */
public enum RunDirective {

	/** Go on. */
	CONTINUE,

	/** A pause was asked for. */
	PAUSE,

	/** A cancellation was asked for. */
	CANCEL,

	/** The lease is lost, and nothing was written down. */
	LOST

}
