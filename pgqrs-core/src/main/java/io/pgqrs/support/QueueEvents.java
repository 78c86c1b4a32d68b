package io.pgqrs.support;

import java.time.Duration;

/**
 * Is told what happens to messages and runs, to count it. Called on the way of each
 * message, by many threads at once: must be quick, and must not throw.
 *
 * @since 0.1
 */
public interface QueueEvents {

	/** Counts nothing. */
	QueueEvents NONE = new QueueEvents() {
	};

	/**
	 * A container has claimed from a queue.
	 * @param queue name of the queue
	 * @param trigger what made it claim
	 * @param messages how many messages it got
	 */
	default void claimed(String queue, Trigger trigger, int messages) {
	}

	/**
	 * A container could not claim from a queue.
	 * @param queue name of the queue
	 */
	default void claimFailed(String queue) {
	}

	/**
	 * A message comes to its handler.
	 * @param queue name of the queue
	 * @param delay since the message was due
	 */
	default void delivered(String queue, Duration delay) {
	}

	/**
	 * Messages whose handling failed are to be delivered again.
	 * @param queue name of the queue
	 * @param messages how many
	 */
	default void retried(String queue, int messages) {
	}

	/**
	 * Messages were given up.
	 * @param queue name of the queue
	 * @param messages how many
	 */
	default void deadLettered(String queue, int messages) {
	}

	/**
	 * Leases turned out to be lost while their messages were being handled.
	 * @param queue name of the queue
	 * @param leases how many
	 */
	default void leasesLost(String queue, int leases) {
	}

	/**
	 * Messages that a dead worker held were freed.
	 * @param queue name of the queue
	 * @param messages how many
	 */
	default void reclaimed(String queue, int messages) {
	}

	/**
	 * A run has ended.
	 * @param workflow name of the workflow
	 * @param status {@code SUCCESS}, {@code ERROR} or {@code CANCELLED}
	 * @param duration since the run was started
	 */
	default void runEnded(String workflow, String status, Duration duration) {
	}

	/** What makes a container claim. */
	enum Trigger {

		/** Something was said to be due. */
		WAKE_UP,

		/** The claim before brought as much as it could take. */
		BACKLOG,

		/** Time to look, although nobody said anything. */
		POLL

	}

}
