package io.pgqrs.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

import io.pgqrs.store.ClaimedMessage;
import io.pgqrs.store.Lease;
import io.pgqrs.store.jdbc.ClaimedRow;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.RowMapper;

/**
 * Reads the rows of one claim, by position: id, delivery count, attempts, priority,
 * payload, headers, when it was enqueued, was due, was leased, and is visible again. The
 * last two are the same in all rows, null where a message was exhausted, and are read
 * once.
 */
final class ClaimedRowMapper implements RowMapper<ClaimedRow> {

	private @Nullable Instant leasedAt;

	private @Nullable Instant visibleUntil;

	@Override
	public ClaimedRow mapRow(ResultSet rs, int index) throws SQLException {
		long id = rs.getLong(1);
		int deliveryCount = rs.getInt(2);
		int priority = rs.getInt(4);
		Instant dueAt = time(rs, 8);
		if (deliveryCount == 0) {
			return new ClaimedRow(id, priority, dueAt, null);
		}
		if (this.leasedAt == null || this.visibleUntil == null) {
			this.leasedAt = time(rs, 9);
			this.visibleUntil = time(rs, 10);
		}
		return new ClaimedRow(id, priority, dueAt, new ClaimedMessage(new Lease(id, deliveryCount), rs.getInt(3),
				priority, rs.getString(5), rs.getString(6), time(rs, 7), dueAt, this.leasedAt, this.visibleUntil));
	}

	private static Instant time(ResultSet rs, int column) throws SQLException {
		return rs.getObject(column, OffsetDateTime.class).toInstant();
	}

}
