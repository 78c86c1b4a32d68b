package io.pgqrs.listener;

/**
 * What a container does.
 *
 * @since 0.1
 */
public enum ContainerState {

	/** Claims and handles. */
	RUNNING,

	/** Claims nothing until it is resumed; what was claimed is handled. */
	PAUSED,

	/** Would claim, but cannot; it tries on, and goes on by itself. */
	RECOVERING,

	/** Was not started, or was stopped. */
	STOPPED,

	/** Stopped by itself, because of an error. */
	FAILED

}
