package io.pgqrs.store.jdbc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.pgqrs.store.ClaimedMessage;
import io.pgqrs.store.Claims;
import io.pgqrs.support.FailureReport;
import org.jspecify.annotations.Nullable;

/**
 * What a claim took off a queue.
 *
 * @param id the message
 * @param priority its level
 * @param dueAt since when it could have been claimed; where it stood on its level
 * @param message the message, or null if it was exhausted
 * @since 0.1
 */
public record ClaimedRow(long id, int priority, Instant dueAt, @Nullable ClaimedMessage message) {

	/** Why exhausted messages are given up, as JSON. */
	public static final String EXHAUSTED = FailureReport.of("LeaseExpired",
			"Each delivery lost its lease: its process died, or its handler ran on without extending the lease");

	private static final Comparator<ClaimedRow> CLAIM_ORDER = Comparator.comparingInt(ClaimedRow::priority)
		.reversed()
		.thenComparing(ClaimedRow::dueAt)
		.thenComparingLong(ClaimedRow::id);

	/**
	 * Puts rows in the order of a claim; {@code UPDATE … RETURNING} promises none.
	 * @param rows what a claim took
	 * @return the messages and the exhausted ones
	 */
	public static Claims claims(List<ClaimedRow> rows) {
		if (rows.isEmpty()) {
			return Claims.NONE;
		}
		List<ClaimedMessage> messages = new ArrayList<>(rows.size());
		List<Long> exhausted = new ArrayList<>(0);
		rows.stream().sorted(CLAIM_ORDER).forEach((row) -> {
			if (row.message() != null) {
				messages.add(row.message());
			}
			else {
				exhausted.add(row.id());
			}
		});
		return new Claims(messages, exhausted);
	}

}
