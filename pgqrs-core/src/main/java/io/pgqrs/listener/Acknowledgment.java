package io.pgqrs.listener;

import java.time.Duration;

/**
 * What a listener in {@link AckMode#MANUAL} does about its message, or about all messages
 * of its batch. May be used on another thread and after the listener has returned; the
 * container extends the lease only as long as the listener runs. The first of
 * {@link #acknowledge()} and {@link #release(Duration)} counts.
 *
 * @since 0.1
 */
public interface Acknowledgment {

	/**
	 * Completes the message.
	 * @return false if the lease was lost, or the message was acknowledged or released
	 * before; of a batch, if that goes for any of its messages
	 */
	boolean acknowledge();

	/**
	 * Gives the message back. The delivery does not count as an attempt.
	 * @param delay how long it stays invisible, zero or more
	 * @return false if the lease was lost, or the message was acknowledged or released
	 * before
	 */
	boolean release(Duration delay);

	/**
	 * Makes the lease end {@code visibility} from now.
	 * @param visibility at least a millisecond
	 * @return false if the lease was lost
	 */
	boolean extend(Duration visibility);

}
