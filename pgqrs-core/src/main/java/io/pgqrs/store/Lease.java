package io.pgqrs.store;

/**
 * The fencing token of a claimed message. Whoever claims the message next raises the
 * delivery count, and a statement that names an older one touches nothing.
 *
 * @param messageId the message
 * @param deliveryCount the delivery count of the claim
 * @since 0.1
 */
public record Lease(long messageId, int deliveryCount) {
}
