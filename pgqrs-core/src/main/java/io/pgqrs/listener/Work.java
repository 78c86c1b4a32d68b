package io.pgqrs.listener;

import java.util.List;

/**
 * What a handler takes at once: one message, or the messages of one claim.
 *
 * @param deliveries all of one queue
 */
record Work(List<Delivery> deliveries) {

	/** Tells a handler to end. */
	static final Work END = new Work(List.of());

}
