package io.pgqrs.listener;

/**
 * What a task is to know of its container's end.
 *
 * @since 0.1
 */
public interface Shutdown {

	/**
	 * Whether the container stops. A task of several steps begins no further one.
	 * @return true from the beginning of the stop
	 */
	boolean isRequested();

	/**
	 * Whether the container no longer waits: the thread is interrupted, and the container
	 * gives the message back itself.
	 * @return true once the shutdown timeout is over
	 */
	boolean isForced();

	/**
	 * Where there is no container.
	 * @return a shutdown that never comes
	 */
	static Shutdown none() {
		return new ContainerShutdown();
	}

}
