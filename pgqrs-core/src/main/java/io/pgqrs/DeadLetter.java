package io.pgqrs;

import java.time.Instant;
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
}
