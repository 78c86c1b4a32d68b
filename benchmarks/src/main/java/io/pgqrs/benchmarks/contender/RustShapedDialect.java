package io.pgqrs.benchmarks.contender;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/** Where the statements of {@link RustShaped} differ. */
enum RustShapedDialect {

	POSTGRES("rust-shaped-postgresql.sql",

			// Filtered by rust_shaped_messages_ready, which is in another order: sorted.
			"""
					UPDATE rust_shaped_messages
					SET vt = ?, read_ct = read_ct + 1, dequeued_at = ?, consumer_worker_id = ?
					WHERE id IN (
						SELECT id FROM rust_shaped_messages
						WHERE queue_id = 1 AND (vt IS NULL OR vt <= ?) AND consumer_worker_id IS NULL
							AND archived_at IS NULL AND read_ct < ?
						ORDER BY enqueued_at
						LIMIT ?
						FOR UPDATE SKIP LOCKED)
					RETURNING id, queue_id, payload, vt, enqueued_at, read_ct, dequeued_at, producer_worker_id,
						consumer_worker_id, archived_at""",

			// Served by the primary key.
			"UPDATE rust_shaped_messages SET archived_at = ? WHERE id = ANY (?) AND consumer_worker_id = ?",

			"""
					INSERT INTO rust_shaped_messages (queue_id, payload, read_ct, enqueued_at, vt, producer_worker_id)
					VALUES (1, CAST(? AS jsonb), 0, ?, ?, ?)
					RETURNING id, queue_id, payload, vt, enqueued_at, read_ct, dequeued_at, producer_worker_id,
						consumer_worker_id, archived_at""",

			"""
					INSERT INTO rust_shaped_messages (queue_id, payload, read_ct, enqueued_at, vt, producer_worker_id)
					SELECT 1, unnest(CAST(? AS jsonb[])), 0, ?, ?, ?
					RETURNING id""",

			// Served by the primary key.
			"""
					SELECT id, queue_id, payload, vt, enqueued_at, read_ct, dequeued_at, producer_worker_id,
						consumer_worker_id, archived_at
					FROM rust_shaped_messages WHERE id = ANY (?) ORDER BY id""",

			"""
					INSERT INTO rust_shaped_messages (queue_id, payload, enqueued_at, vt, producer_worker_id)
					SELECT 1, to_jsonb(n), at, at, :producer
					FROM generate_series(0, :messages - 1) AS n,
						LATERAL (SELECT now() - interval '1 hour' + n * interval '1 microsecond' AS at) AS times""") {

		@Override
		Object time(Instant instant) {
			return instant.atOffset(ZoneOffset.UTC);
		}

		@Override
		Object ids(Connection connection, List<Long> ids) throws SQLException {
			return connection.createArrayOf("bigint", ids.toArray());
		}

		@Override
		Object payloads(Connection connection, List<Long> values) throws SQLException {
			return connection.createArrayOf("jsonb", values.stream().map(String::valueOf).toArray());
		}

	},

	SQLITE("rust-shaped-sqlite.sql",

			// Filtered by rust_shaped_messages_ready, which is in another order: sorted.
			"""
					UPDATE rust_shaped_messages
					SET vt = ?, read_ct = read_ct + 1, dequeued_at = ?, consumer_worker_id = ?
					WHERE id IN (
						SELECT id FROM rust_shaped_messages
						WHERE queue_id = 1 AND (vt IS NULL OR vt <= ?) AND consumer_worker_id IS NULL
							AND archived_at IS NULL AND read_ct < ?
						ORDER BY enqueued_at
						LIMIT ?)
					RETURNING id, queue_id, payload, vt, enqueued_at, read_ct, dequeued_at, producer_worker_id,
						consumer_worker_id, archived_at""",

			// Served by the primary key.
			"""
					UPDATE rust_shaped_messages SET archived_at = ?
					WHERE id IN (SELECT value FROM json_each(?)) AND consumer_worker_id = ?""",

			"""
					INSERT INTO rust_shaped_messages (queue_id, payload, read_ct, enqueued_at, vt, producer_worker_id)
					VALUES (1, ?, 0, ?, ?, ?)
					RETURNING id, queue_id, payload, vt, enqueued_at, read_ct, dequeued_at, producer_worker_id,
						consumer_worker_id, archived_at""",

			"""
					INSERT INTO rust_shaped_messages (queue_id, payload, read_ct, enqueued_at, vt, producer_worker_id)
					SELECT 1, value, 0, times.at, times.vt, times.producer
					FROM json_each(?), (SELECT ? AS at, ? AS vt, ? AS producer) AS times
					RETURNING id""",

			// Served by the primary key.
			"""
					SELECT id, queue_id, payload, vt, enqueued_at, read_ct, dequeued_at, producer_worker_id,
						consumer_worker_id, archived_at
					FROM rust_shaped_messages WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id""",

			"""
					WITH RECURSIVE series (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n < :messages - 1)
					INSERT INTO rust_shaped_messages (queue_id, payload, enqueued_at, vt, producer_worker_id)
					SELECT 1, n, n, n, :producer FROM series""") {

		@Override
		Object time(Instant instant) {
			return instant.toEpochMilli();
		}

		@Override
		Object ids(Connection connection, List<Long> ids) {
			return ids.toString();
		}

		@Override
		Object payloads(Connection connection, List<Long> values) {
			return values.toString();
		}

	};

	private final String tables;

	private final String claim;

	private final String archive;

	private final String enqueue;

	private final String enqueueAll;

	private final String enqueued;

	private final String fill;

	RustShapedDialect(String tables, String claim, String archive, String enqueue, String enqueueAll, String enqueued,
			String fill) {
		this.tables = tables;
		this.claim = claim;
		this.archive = archive;
		this.enqueue = enqueue;
		this.enqueueAll = enqueueAll;
		this.enqueued = enqueued;
		this.fill = fill;
	}

	/** A time as the columns have it. */
	abstract Object time(Instant instant);

	/** Ids as one parameter. */
	abstract Object ids(Connection connection, List<Long> ids) throws SQLException;

	/** Payloads as one parameter. */
	abstract Object payloads(Connection connection, List<Long> values) throws SQLException;

	Resource tables() {
		return new ClassPathResource(this.tables, RustShapedDialect.class);
	}

	/** Parameters: end of the lease, now, worker, now, deliveries at the most, batch. */
	String claim() {
		return this.claim;
	}

	/** Parameters: now, ids, worker. */
	String archive() {
		return this.archive;
	}

	/** Parameters: payload, now, visible from, worker. */
	String enqueue() {
		return this.enqueue;
	}

	/** Parameters: payloads, now, visible from, worker. */
	String enqueueAll() {
		return this.enqueueAll;
	}

	/** What was enqueued. Parameter: ids. */
	String enqueued() {
		return this.enqueued;
	}

	/** Named parameters: messages, producer. */
	String fill() {
		return this.fill;
	}

}
