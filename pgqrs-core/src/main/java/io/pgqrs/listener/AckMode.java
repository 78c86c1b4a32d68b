package io.pgqrs.listener;

/**
 * When a message counts as handled.
 *
 * @since 0.1
 */
public enum AckMode {

	/**
	 * When the listener returns. Completions of several messages travel together, some
	 * milliseconds later: a crash in between delivers them again.
	 */
	ON_SUCCESS,

	/**
	 * When the listener's transaction commits, which it joins: effects of the listener in
	 * the same database happen exactly once.
	 */
	TRANSACTIONAL,

	/**
	 * When the listener says so through its {@link Acknowledgment}. A message that it
	 * returned from without saying anything comes back when its lease ends.
	 */
	MANUAL

}
