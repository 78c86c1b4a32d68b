package io.pgqrs.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.pgqrs.store.Claimer;
import io.pgqrs.store.Enqueue;
import io.pgqrs.store.Lease;
import io.pgqrs.store.MessageRecord;
import io.pgqrs.store.MessageStore;
import io.pgqrs.store.jdbc.IdRows;
import io.pgqrs.store.jdbc.MessageRows;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Messages in SQLite: completed in batches, fenced by their lease. */
final class SqliteMessageStore implements MessageStore {

	// AUTOINCREMENT hands out ids in the order of the rows. CAST, because SQLite plans
	// again for each value of a bare parameter next to an indexed column.
	private static final String ENQUEUE_ALL = """
			INSERT INTO pgqrs_messages (queue_id, priority, visible_at, enqueued_at, headers, payload)
			SELECT q.id, :priority,
				max(coalesce(:at, 0), CAST(unixepoch('subsec') * 1000 AS INTEGER) + :delay),
				CAST(unixepoch('subsec') * 1000 AS INTEGER), :headers, p.value
			FROM pgqrs_queues q CROSS JOIN json_each(:payloads) AS p
			WHERE q.name = CAST(:queue AS TEXT)
			ORDER BY p.key
			RETURNING id""";

	// The update changes nothing; it makes the statement return the id of the message
	// that
	// is there.
	private static final String ENQUEUE = """
			INSERT INTO pgqrs_messages (queue_id, priority, visible_at, enqueued_at, deduplication_key, headers, payload)
			SELECT q.id, :priority,
				max(coalesce(:at, 0), CAST(unixepoch('subsec') * 1000 AS INTEGER) + :delay),
				CAST(unixepoch('subsec') * 1000 AS INTEGER), :key, :headers, :payload
			FROM pgqrs_queues q
			WHERE q.name = CAST(:queue AS TEXT)
			ON CONFLICT (queue_id, deduplication_key) WHERE deduplication_key IS NOT NULL
			DO UPDATE SET deduplication_key = excluded.deduplication_key
			RETURNING id""";

	// All of these are served by the primary key, once for each lease. Leases come as
	// [[id, delivery count], ...].

	private static final String DELETE = """
			DELETE FROM pgqrs_messages
			WHERE (id, delivery_count) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:leases))
				AND worker_id IS NOT NULL
			RETURNING id""";

	// A trigger on the archive deletes the message.
	private static final String ARCHIVE = """
			INSERT INTO pgqrs_archive (id, archived_at, enqueued_at, queue_id, priority, attempts, headers, payload)
			SELECT m.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), m.enqueued_at, m.queue_id, m.priority, m.attempts,
				m.headers, m.payload
			FROM json_each(:leases) AS held CROSS JOIN pgqrs_messages m
			WHERE m.id = held.value ->> 0 AND m.delivery_count = held.value ->> 1 AND m.worker_id IS NOT NULL
			RETURNING id""";

	private static final String RELEASE = """
			UPDATE pgqrs_messages
			SET visible_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) + held.delay, worker_id = NULL,
				attempts = attempts - held.refund
			FROM (SELECT value ->> 0 AS message_id, value ->> 1 AS lease, value ->> 2 AS delay, value ->> 3 AS refund
				FROM json_each(:releases)) AS held
			WHERE id = held.message_id AND delivery_count = held.lease AND worker_id IS NOT NULL
			RETURNING id""";

	private static final String EXTEND = """
			UPDATE pgqrs_messages
			SET visible_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) + :visibility
			WHERE (id, delivery_count) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:leases))
				AND worker_id IS NOT NULL
			RETURNING id""";

	private static final String HELD = """
			SELECT id FROM pgqrs_messages
			WHERE (id, delivery_count) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:leases))
				AND worker_id IS NOT NULL""";

	// A trigger on the dead letters deletes the message.
	private static final String DEAD_LETTER = """
			INSERT INTO pgqrs_dead_letters (id, died_at, enqueued_at, queue_id, priority, attempts, delivery_count,
				deduplication_key, error, headers, payload)
			SELECT m.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), m.enqueued_at, m.queue_id, m.priority, m.attempts,
				m.delivery_count, m.deduplication_key, held.value ->> 2, m.headers, m.payload
			FROM json_each(:deaths) AS held CROSS JOIN pgqrs_messages m
			WHERE m.id = held.value ->> 0 AND m.delivery_count = held.value ->> 1 AND m.worker_id IS NOT NULL
			RETURNING id""";

	// The primary keys. A message is in one of the tables.
	private static final String FIND = """
			SELECT m.id, q.name AS queue,
				CASE WHEN m.visible_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER) THEN 'READY'
					WHEN m.worker_id IS NOT NULL THEN 'IN_FLIGHT' ELSE 'DELAYED' END AS state,
				m.priority, m.attempts, m.enqueued_at, m.visible_at, m.claimed_at, NULL AS ended_at,
				CASE WHEN m.visible_at > CAST(unixepoch('subsec') * 1000 AS INTEGER) THEN m.worker_id END AS worker_id,
				m.deduplication_key, m.headers, m.payload, NULL AS error
			FROM pgqrs_messages m JOIN pgqrs_queues q ON q.id = m.queue_id WHERE m.id = :id
			UNION ALL
			SELECT a.id, q.name, 'ARCHIVED', a.priority, a.attempts, a.enqueued_at, NULL, NULL, a.archived_at, NULL, NULL,
				a.headers, a.payload, NULL
			FROM pgqrs_archive a JOIN pgqrs_queues q ON q.id = a.queue_id WHERE a.id = :id
			UNION ALL
			SELECT d.id, q.name, 'DEAD', d.priority, d.attempts, d.enqueued_at, NULL, NULL, d.died_at, NULL,
				d.deduplication_key, d.headers, d.payload, d.error
			FROM pgqrs_dead_letters d JOIN pgqrs_queues q ON q.id = d.queue_id WHERE d.id = :id""";

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	SqliteMessageStore(JdbcClient jdbc, StoreTransactions transactions) {
		this.jdbc = jdbc;
		this.transactions = transactions;
	}

	@Override
	public List<Long> enqueue(Enqueue messages) {
		List<String> payloads = messages.payloads();
		return this.transactions.execute(() -> ((payloads.size() == 1)
				? this.jdbc.sql(ENQUEUE)
					.param("payload", payloads.get(0))
					.param("key", messages.deduplicationKey(), Types.VARCHAR)
				: this.jdbc.sql(ENQUEUE_ALL).param("payloads", PayloadJson.writePlain(payloads)))
			.param("priority", messages.priority())
			.param("at", (messages.at() != null) ? messages.at().toEpochMilli() : null, Types.BIGINT)
			.param("delay", millis(messages.delay()))
			.param("headers", messages.headers(), Types.VARCHAR)
			.param("queue", messages.queue())
			.query(IdRows::id)
			// RETURNING promises no order.
			.stream()
			.sorted()
			.toList());
	}

	private static long millis(@Nullable Duration duration) {
		return (duration != null) ? duration.toMillis() : 0;
	}

	@Override
	public Claimer claimer(String queue) {
		return new SqliteClaimer(this.jdbc, this.transactions, queue);
	}

	@Override
	public Set<Long> complete(Collection<Lease> leases, boolean archive) {
		return held(this.jdbc.sql(archive ? ARCHIVE : DELETE).param("leases", leases(leases)));
	}

	@Override
	public Set<Long> extend(Collection<Lease> leases, Duration visibility) {
		return held(this.jdbc.sql(EXTEND).param("visibility", visibility.toMillis()).param("leases", leases(leases)));
	}

	/** Here the whole file is locked or nothing. */
	@Override
	public Set<Long> tryExtend(Collection<Lease> leases, Duration visibility) {
		return extend(leases, visibility);
	}

	@Override
	public Set<Long> held(Collection<Lease> leases) {
		return this.jdbc.sql(HELD).param("leases", leases(leases)).query(IdRows::id).set();
	}

	@Override
	public Set<Long> release(Collection<Release> releases) {
		List<Object[]> rows = releases.stream()
			.map((release) -> new Object[] { release.lease().messageId(), release.lease().deliveryCount(),
					release.delay().toMillis(), release.attemptCounts() ? 0 : 1 })
			.toList();
		return held(this.jdbc.sql(RELEASE).param("releases", PayloadJson.writePlain(rows)));
	}

	@Override
	public Set<Long> deadLetter(Collection<Death> deaths) {
		List<Object[]> rows = deaths.stream()
			.map((death) -> new Object[] { death.lease().messageId(), death.lease().deliveryCount(), death.error() })
			.toList();
		return held(this.jdbc.sql(DEAD_LETTER).param("deaths", PayloadJson.writePlain(rows)));
	}

	private Set<Long> held(JdbcClient.StatementSpec statement) {
		return this.transactions.execute(() -> statement.query(IdRows::id).set());
	}

	private static String leases(Collection<Lease> leases) {
		return PayloadJson.writePlain(
				leases.stream().map((lease) -> new long[] { lease.messageId(), lease.deliveryCount() }).toList());
	}

	@Override
	public @Nullable MessageRecord find(long id) {
		return this.jdbc.sql(FIND)
			.param("id", id)
			.query((rs, index) -> MessageRows.message(rs, SqliteMessageStore::time))
			.optional()
			.orElse(null);
	}

	private static @Nullable Instant time(ResultSet rs, String column) throws SQLException {
		long millis = rs.getLong(column);
		return rs.wasNull() ? null : Instant.ofEpochMilli(millis);
	}

}
