package io.pgqrs.store;

import java.util.List;

/**
 * What a claim got hold of.
 *
 * @param messages highest priority first, then by the time they were due, then by id
 * @param exhausted ids of messages that had no attempt left, because each of their
 * deliveries lost its lease; the claim moved them to the dead letters
 * @since 0.1
 */
public record Claims(List<ClaimedMessage> messages, List<Long> exhausted) {

	/** Nothing. */
	public static final Claims NONE = new Claims(List.of(), List.of());

	/**
	 * How many messages the claim took off the queue.
	 * @return claimed and exhausted ones
	 */
	public int size() {
		return this.messages.size() + this.exhausted.size();
	}

}
