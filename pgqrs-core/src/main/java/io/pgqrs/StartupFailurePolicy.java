package io.pgqrs;

/**
 * What to do if the database cannot be reached when the application starts.
 *
 * @since 0.1
 */
public enum StartupFailurePolicy {

	/** The start fails. */
	FAIL,

	/**
	 * The application starts; what needs the database is done, and listeners consume, as
	 * soon as it answers.
	 */
	RETRY

}
