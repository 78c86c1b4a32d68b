package io.pgqrs;

/**
 * What becomes of a message that was handled.
 *
 * @since 0.1
 */
public enum OnSuccess {

	/** It is kept in the archive, until its retention ends. */
	ARCHIVE,

	/** It is deleted. */
	DELETE

}
