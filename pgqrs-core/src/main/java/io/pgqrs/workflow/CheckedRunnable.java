package io.pgqrs.workflow;

/**
 * A step without a result.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface CheckedRunnable {

	/**
	 * Does it.
	 * @throws Exception if it could not be done; the step is tried again or fails
	 */
	void run() throws Exception;

}
