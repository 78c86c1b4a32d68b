package io.pgqrs.listener;

import java.util.List;
import java.util.Set;

/** What a container does about messages, which is up to the kind of its listener. */
interface Handling {

	/**
	 * Prepares for what one claim brought, on the thread that claims.
	 * @param deliveries all of one queue, at least one
	 */
	void take(List<Delivery> deliveries);

	/**
	 * Handles messages, on the thread of a handler.
	 * @param deliveries all of one queue
	 * @return those that are handled and yet to be completed
	 */
	List<Delivery> handle(List<Delivery> deliveries);

	/**
	 * Completes what was handled, in one statement.
	 * @param deliveries all of one queue
	 * @return ids of the messages that were completed; the others lost their lease
	 */
	Set<Long> complete(List<Delivery> deliveries);

	/** Whether more is written under a lease than its end. */
	boolean needsDurableClaims();

}
