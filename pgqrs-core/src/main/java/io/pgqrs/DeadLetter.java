package io.pgqrs;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;

/**
 * A message that was given up.
 *
 * @param id id of the message
 * @param queue its queue
 * @param payload JSON text
 * @param headers its headers, empty if it had none
 * @param attempts deliveries that failed or lost their lease
 * @param error why it was given up: a JSON object with {@code type}, {@code message} and,
 * for an exception, {@code stackTrace}
 * @param enqueuedAt when it was enqueued
 * @param diedAt when it was given up
 * @since 0.1
 */
public record DeadLetter(long id, String queue, String payload, Map<String, String> headers, int attempts, String error,
		Instant enqueuedAt, Instant diedAt) {

	/**
	 * Where it stands among the dead letters of its queue.
	 * @return to ask for what stands behind it
	 */
	public Position position() {
		return new Position(this.diedAt, this.id);
	}

	/**
	 * Where a dead letter stands among those of its queue. Its text form can be
	 * {@linkplain #parse parsed}.
	 *
	 * @param diedAt when it was given up
	 * @param id id of the message
	 */
	public record Position(Instant diedAt, long id) {

		/**
		 * Reads a text form.
		 * @param text as {@link #toString()} writes it
		 * @return the position
		 * @throws InvalidArgumentException if it is none
		 */
		public static Position parse(String text) {
			int separator = text.lastIndexOf('_');
			try {
				return new Position(Instant.parse(text.substring(0, Math.max(0, separator))),
						Long.parseLong(text.substring(separator + 1)));
			}
			catch (DateTimeParseException | NumberFormatException ex) {
				throw new InvalidArgumentException(
						"'" + text + "' is no position among dead letters. Take it from the page before");
			}
		}

		@Override
		public String toString() {
			return this.diedAt + "_" + this.id;
		}

	}

}
