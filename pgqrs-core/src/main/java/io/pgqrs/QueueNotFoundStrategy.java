package io.pgqrs;

/**
 * What happens when somebody uses a queue that does not exist.
 *
 * @since 0.1
 */
public enum QueueNotFoundStrategy {

	/** It is created, with the settings of its definition or the defaults. */
	CREATE,

	/** The call fails with a {@link QueueNotFoundException}. */
	FAIL

}
