package io.pgqrs.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.pgqrs.store.Claim;
import io.pgqrs.store.ClaimedMessage;
import io.pgqrs.store.Claimer;
import io.pgqrs.store.Claims;
import io.pgqrs.store.Lease;
import io.pgqrs.store.jdbc.ClaimedRow;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.support.PayloadJson;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Claims in index order. Deleted rows are gone at once, so there is no cursor to keep;
 * what is remembered is whether the last claim came back empty. Then the next one looks
 * before it queues up for the write lock, so that idle consumers are in nobody's way.
 */
final class SqliteClaimer implements Claimer {

	// pgqrs_messages_claim (queue_id, priority DESC, visible_at, id) serves each level as
	// a range and finds the next level by one descent. CROSS JOIN keeps the order of the
	// tables, and so the rows come in the order of the claim without a sort: the
	// highest level first, no further than the limit. An exhausted message gets no
	// worker: its lease is nobody's. SQLite would plan again for each value of a bare
	// parameter that is a limit or next to an indexed column; behind CAST it does not.
	private static final String CLAIM = """
			WITH RECURSIVE queue AS (
				SELECT id, visibility_timeout_ms, max_attempts FROM pgqrs_queues
				WHERE name = CAST(:queue AS TEXT) AND NOT paused),
			level(priority) AS (
				SELECT (SELECT m.priority FROM pgqrs_messages m
					WHERE m.queue_id = (SELECT id FROM queue)
					ORDER BY m.priority DESC LIMIT 1)
				UNION ALL
				SELECT (SELECT m.priority FROM pgqrs_messages m
					WHERE m.queue_id = (SELECT id FROM queue) AND m.priority < level.priority
					ORDER BY m.priority DESC LIMIT 1)
				FROM level WHERE level.priority IS NOT NULL)
			UPDATE pgqrs_messages
			SET due_at = visible_at,
				visible_at = CAST(unixepoch('subsec') * 1000 AS INTEGER)
					+ coalesce(:lease, (SELECT visibility_timeout_ms FROM queue)),
				claimed_at = coalesce(claimed_at, CAST(unixepoch('subsec') * 1000 AS INTEGER)),
				delivery_count = delivery_count + 1, attempts = attempts + 1,
				worker_id = CASE WHEN attempts < coalesce(:maxAttempts, (SELECT max_attempts FROM queue)) THEN :worker END
			WHERE id IN (
				SELECT m.id FROM level CROSS JOIN pgqrs_messages m INDEXED BY pgqrs_messages_claim
				WHERE m.queue_id = (SELECT id FROM queue) AND m.priority = level.priority
					AND m.visible_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER)
				LIMIT CAST(:limit AS INTEGER))
			RETURNING id, delivery_count, attempts, priority, payload, headers, enqueued_at, due_at,
				CAST(unixepoch('subsec') * 1000 AS INTEGER) AS leased_at, visible_at, worker_id""";

	// As the claim, up to the first row.
	private static final String IS_ANY_DUE = """
			WITH RECURSIVE queue AS (
				SELECT id FROM pgqrs_queues
				WHERE name = CAST(:queue AS TEXT) AND NOT paused),
			level(priority) AS (
				SELECT (SELECT m.priority FROM pgqrs_messages m
					WHERE m.queue_id = (SELECT id FROM queue)
					ORDER BY m.priority DESC LIMIT 1)
				UNION ALL
				SELECT (SELECT m.priority FROM pgqrs_messages m
					WHERE m.queue_id = (SELECT id FROM queue) AND m.priority < level.priority
					ORDER BY m.priority DESC LIMIT 1)
				FROM level WHERE level.priority IS NOT NULL)
			SELECT EXISTS (
				SELECT 1 FROM level CROSS JOIN pgqrs_messages m INDEXED BY pgqrs_messages_claim
				WHERE m.queue_id = (SELECT id FROM queue) AND m.priority = level.priority
					AND m.visible_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER))""";

	// The claim has counted a delivery that does not take place. A trigger on the dead
	// letters deletes the message.
	private static final String BURY = """
			INSERT INTO pgqrs_dead_letters (id, died_at, enqueued_at, queue_id, priority, attempts, delivery_count,
				deduplication_key, error, headers, payload)
			SELECT m.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), m.enqueued_at, m.queue_id, m.priority,
				m.attempts - 1, m.delivery_count - 1, m.deduplication_key, :error, m.headers, m.payload
			FROM json_each(:ids) AS exhausted CROSS JOIN pgqrs_messages m
			WHERE m.id = exhausted.value""";

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	private final String queue;

	private volatile boolean empty;

	SqliteClaimer(JdbcClient jdbc, StoreTransactions transactions, String queue) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.queue = queue;
	}

	@Override
	public Claims claim(Claim claim) {
		if (this.empty && !claim.announced() && !isAnyDue()) {
			return Claims.NONE;
		}
		Claims claims = this.transactions.execute(() -> execute(claim));
		this.empty = claims.size() == 0;
		return claims;
	}

	private boolean isAnyDue() {
		return this.jdbc.sql(IS_ANY_DUE).param("queue", this.queue).query(Boolean.class).single();
	}

	private Claims execute(Claim claim) {
		Duration lease = claim.visibilityTimeout();
		List<ClaimedRow> rows = this.jdbc.sql(CLAIM)
			.param("queue", this.queue)
			.param("lease", (lease != null) ? lease.toMillis() : null, Types.BIGINT)
			.param("maxAttempts", claim.maxAttempts(), Types.INTEGER)
			.param("worker", claim.workerId())
			.param("limit", claim.limit())
			.query(SqliteClaimer::row)
			.list();
		Claims claims = ClaimedRow.claims(rows);
		if (!claims.exhausted().isEmpty()) {
			this.jdbc.sql(BURY)
				.param("error", ClaimedRow.EXHAUSTED)
				.param("ids", PayloadJson.writePlain(claims.exhausted()))
				.update();
		}
		return claims;
	}

	private static ClaimedRow row(ResultSet rs, int index) throws SQLException {
		rs.getLong("worker_id");
		ClaimedMessage message = rs.wasNull() ? null : message(rs, index);
		return new ClaimedRow(rs.getLong("id"), rs.getInt("priority"), Instant.ofEpochMilli(rs.getLong("due_at")),
				message);
	}

	/** What a claim returns of a message that is not exhausted. */
	static ClaimedMessage message(ResultSet rs, int index) throws SQLException {
		return new ClaimedMessage(new Lease(rs.getLong("id"), rs.getInt("delivery_count")), rs.getInt("attempts"),
				rs.getInt("priority"), rs.getString("payload"), rs.getString("headers"),
				Instant.ofEpochMilli(rs.getLong("enqueued_at")), Instant.ofEpochMilli(rs.getLong("due_at")),
				Instant.ofEpochMilli(rs.getLong("leased_at")), Instant.ofEpochMilli(rs.getLong("visible_at")));
	}

}
