package io.pgqrs.store;

import java.util.List;
import java.util.Map;

/**
 * What came of looking for silent workers.
 *
 * @param workers those that were declared dead, with name, id, host and process id
 * @param messages how many messages were freed, by queue
 * @since 0.1
 */
public record Reclaimed(List<String> workers, Map<String, Integer> messages) {

	/** Nobody died. */
	public static final Reclaimed NOTHING = new Reclaimed(List.of(), Map.of());

	/**
	 * How many messages were freed.
	 * @return the sum over all queues
	 */
	public int total() {
		return this.messages.values().stream().mapToInt(Integer::intValue).sum();
	}

}
