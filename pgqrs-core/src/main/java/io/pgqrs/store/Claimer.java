package io.pgqrs.store;

/**
 * Claims messages of one queue for one consumer. It may remember where its last claim
 * ended, so that the next one need not walk again over what is gone. Safe for use by
 * several threads.
 *
 * @since 0.1
 */
public interface Claimer {

	/**
	 * Claims what is due, in one statement; a thorough claim, or one of an odd size, may
	 * take another. Never waits for locks of other consumers.
	 * @param claim who claims how much
	 * @return what it got; nothing if the queue is empty, paused or does not exist
	 */
	Claims claim(Claim claim);

}
