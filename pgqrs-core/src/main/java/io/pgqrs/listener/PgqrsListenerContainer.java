package io.pgqrs.listener;

import java.util.List;

import org.springframework.context.SmartLifecycle;

/**
 * Consumes queues and calls one listener. Can be started again after a stop.
 *
 * @since 0.1
 */
public interface PgqrsListenerContainer extends SmartLifecycle {

	/**
	 * Containers start last and stop first, before web servers drain.
	 */
	int DEFAULT_PHASE = Integer.MAX_VALUE - 100;

	/**
	 * Id of the endpoint.
	 * @return unique in the registry
	 */
	String getListenerId();

	/**
	 * What it consumes.
	 * @return names of queues
	 */
	List<String> getQueues();

	/**
	 * How it works.
	 * @return the effective options
	 */
	ContainerOptions getOptions();

	/**
	 * Claims nothing more until {@link #resume()}; what was claimed is handled.
	 */
	void pause();

	/** Claims again. */
	void resume();

	/**
	 * Whether {@link #pause()} was called and {@link #resume()} was not.
	 * @return also true while messages claimed before are handled
	 */
	boolean isPaused();

	/**
	 * What it does now.
	 * @return never null
	 */
	default ContainerState getState() {
		if (!isRunning()) {
			return ContainerState.STOPPED;
		}
		return isPaused() ? ContainerState.PAUSED : ContainerState.RUNNING;
	}

}
