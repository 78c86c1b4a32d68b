package io.pgqrs;

/**
 * What becomes of a message that was handled.
 *
 * @since 0.1
 */
public enum OnSuccess {

	/** It is moved to the archive. */
	ARCHIVE,

	/** It is deleted. */
	DELETE

}
