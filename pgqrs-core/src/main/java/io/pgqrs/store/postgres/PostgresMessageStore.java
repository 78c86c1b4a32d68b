package io.pgqrs.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
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
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Messages in PostgreSQL: completed in batches, fenced by their lease. */
final class PostgresMessageStore implements MessageStore {

	// greatest() passes over nulls. statement_timestamp(), not now(): in a long
	// transaction a message is due when it was enqueued, not when the transaction began.
	private static final String ENQUEUE = """
			INSERT INTO pgqrs_messages (queue_id, priority, visible_at, headers, payload)
			SELECT q.id, :priority,
				greatest(CAST(:at AS timestamptz), statement_timestamp() + :delay * interval '1 millisecond'),
				CAST(:headers AS jsonb), CAST(p.payload AS jsonb)
			FROM pgqrs_queues q CROSS JOIN unnest(:payloads) WITH ORDINALITY AS p(payload, position)
			WHERE q.name = :queue
			ORDER BY p.position
			RETURNING id""";

	// pgqrs_messages_deduplication. A message that is there is not locked: others may
	// claim and complete it meanwhile. The update is for one that got in between; it
	// changes nothing, and makes the statement return the id.
	private static final String ENQUEUE_ONCE = """
			WITH queue AS (
				SELECT id FROM pgqrs_queues WHERE name = :queue),
			taken AS MATERIALIZED (
				SELECT m.id FROM pgqrs_messages m
				WHERE m.queue_id = (SELECT id FROM queue) AND m.deduplication_key = :key),
			added AS (
				INSERT INTO pgqrs_messages (queue_id, priority, visible_at, deduplication_key, headers, payload)
				SELECT queue.id, :priority,
					greatest(CAST(:at AS timestamptz), statement_timestamp() + :delay * interval '1 millisecond'),
					:key, CAST(:headers AS jsonb), CAST(p.payload AS jsonb)
				FROM queue CROSS JOIN unnest(:payloads) AS p(payload)
				WHERE NOT EXISTS (SELECT 1 FROM taken)
				ON CONFLICT (queue_id, deduplication_key) WHERE deduplication_key IS NOT NULL
				DO UPDATE SET deduplication_key = excluded.deduplication_key
				RETURNING id)
			SELECT id FROM taken UNION ALL SELECT id FROM added""";

	// All of these are served by the primary key, once for each lease. The ids are in
	// order, so width_bucket finds the place of one by binary search. No join, for which
	// the planner would have to guess how many leases there are and how many messages
	// have
	// a worker: with statistics from when none had, it compared each message with each
	// lease.

	private static final String DELETE = """
			DELETE FROM pgqrs_messages m
			WHERE m.id = ANY (ARRAY(SELECT unnest(:ids)))
				AND m.delivery_count = (:counts)[width_bucket(m.id, :ids)] AND m.worker_id IS NOT NULL
			RETURNING m.id""";

	private static final String ARCHIVE = """
			WITH done AS (
				DELETE FROM pgqrs_messages m
				WHERE m.id = ANY (ARRAY(SELECT unnest(:ids)))
					AND m.delivery_count = (:counts)[width_bucket(m.id, :ids)] AND m.worker_id IS NOT NULL
				RETURNING m.*)
			INSERT INTO pgqrs_archive (id, enqueued_at, queue_id, priority, attempts, headers, payload)
			SELECT id, enqueued_at, queue_id, priority, attempts, headers, payload FROM done
			RETURNING id""";

	private static final String RELEASE = """
			UPDATE pgqrs_messages m
			SET visible_at = statement_timestamp() + (:delays)[width_bucket(m.id, :ids)] * interval '1 millisecond',
				worker_id = NULL, attempts = m.attempts - (:refunds)[width_bucket(m.id, :ids)]
			WHERE m.id = ANY (ARRAY(SELECT unnest(:ids)))
				AND m.delivery_count = (:counts)[width_bucket(m.id, :ids)] AND m.worker_id IS NOT NULL
			RETURNING m.id""";

	private static final String EXTEND = """
			UPDATE pgqrs_messages m
			SET visible_at = statement_timestamp() + :visibility * interval '1 millisecond'
			FROM (SELECT set_config('synchronous_commit', CASE WHEN :relaxed THEN 'off'
				ELSE current_setting('synchronous_commit') END, true)) AS commit_mode
			WHERE m.id = ANY (ARRAY(SELECT unnest(:ids)))
				AND m.delivery_count = (:counts)[width_bucket(m.id, :ids)] AND m.worker_id IS NOT NULL
			RETURNING m.id""";

	// Waits for nobody: a transaction that lasts and has locked one message, as that
	// which
	// pauses a run, would have the leases of all others run out.
	private static final String TRY_EXTEND = """
			WITH free AS MATERIALIZED (
				SELECT m.id FROM unnest(:ids, :counts) AS lease(id, delivery_count) CROSS JOIN LATERAL (
					SELECT id FROM pgqrs_messages
					WHERE id = lease.id AND delivery_count = lease.delivery_count AND worker_id IS NOT NULL
					FOR NO KEY UPDATE SKIP LOCKED) m)
			UPDATE pgqrs_messages m
			SET visible_at = statement_timestamp() + :visibility * interval '1 millisecond'
			FROM (SELECT set_config('synchronous_commit', CASE WHEN :relaxed THEN 'off'
				ELSE current_setting('synchronous_commit') END, true)) AS commit_mode
			WHERE m.id = ANY (ARRAY(SELECT id FROM free))
			RETURNING m.id""";

	private static final String HELD = """
			SELECT m.id FROM unnest(:ids, :counts) AS lease(id, delivery_count) CROSS JOIN LATERAL (
				SELECT id FROM pgqrs_messages
				WHERE id = lease.id AND delivery_count = lease.delivery_count AND worker_id IS NOT NULL) m""";

	private static final String DEAD_LETTER = """
			WITH dead AS (
				DELETE FROM pgqrs_messages m
				WHERE m.id = ANY (ARRAY(SELECT unnest(:ids)))
					AND m.delivery_count = (:counts)[width_bucket(m.id, :ids)] AND m.worker_id IS NOT NULL
				RETURNING m.*, (:errors)[width_bucket(m.id, :ids)] AS error)
			INSERT INTO pgqrs_dead_letters (id, enqueued_at, queue_id, priority, attempts, delivery_count,
				deduplication_key, error, headers, payload)
			SELECT id, enqueued_at, queue_id, priority, attempts, delivery_count, deduplication_key, error, headers,
				payload
			FROM dead
			RETURNING id""";

	// The primary keys. A message is in one of the tables.
	private static final String FIND = """
			SELECT m.id, q.name AS queue, CASE WHEN m.visible_at <= statement_timestamp() THEN 'READY'
					WHEN m.worker_id IS NOT NULL THEN 'IN_FLIGHT' ELSE 'DELAYED' END AS state,
				m.priority, m.attempts, m.enqueued_at, m.visible_at, m.claimed_at,
				CAST(NULL AS timestamptz) AS ended_at,
				CASE WHEN m.visible_at > statement_timestamp() THEN m.worker_id END AS worker_id, m.deduplication_key,
				m.headers, m.payload, NULL AS error
			FROM pgqrs_messages m JOIN pgqrs_queues q ON q.id = m.queue_id WHERE m.id = :id
			UNION ALL
			SELECT a.id, q.name, 'ARCHIVED', a.priority, a.attempts, a.enqueued_at, NULL, NULL, a.archived_at, NULL, NULL,
				a.headers, a.payload, NULL
			FROM pgqrs_archive a JOIN pgqrs_queues q ON q.id = a.queue_id WHERE a.id = :id
			UNION ALL
			SELECT d.id, q.name, 'DEAD', d.priority, d.attempts, d.enqueued_at, NULL, NULL, d.died_at, NULL,
				d.deduplication_key, d.headers, d.payload, d.error
			FROM pgqrs_dead_letters d JOIN pgqrs_queues q ON q.id = d.queue_id WHERE d.id = :id""";

	/**
	 * The statements find a lease by binary search. Of two leases of one message only the
	 * newer can be valid; it comes last, where the search ends.
	 */
	private static final Comparator<Lease> ORDER = Comparator.comparingLong(Lease::messageId)
		.thenComparingInt(Lease::deliveryCount);

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	private final PostgresSchema schema;

	private final String enqueue;

	private final String enqueueOnce;

	private final String delete;

	private final String archive;

	private final String release;

	private final String extend;

	private final String tryExtend;

	private final String held;

	private final String deadLetter;

	PostgresMessageStore(JdbcClient jdbc, StoreTransactions transactions, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.schema = schema;
		this.enqueue = schema.qualify(ENQUEUE);
		this.enqueueOnce = schema.qualify(ENQUEUE_ONCE);
		this.delete = schema.qualify(DELETE);
		this.archive = schema.qualify(ARCHIVE);
		this.release = schema.qualify(RELEASE);
		this.extend = schema.qualify(EXTEND);
		this.tryExtend = schema.qualify(TRY_EXTEND);
		this.held = schema.qualify(HELD);
		this.deadLetter = schema.qualify(DEAD_LETTER);
	}

	@Override
	public List<Long> enqueue(Enqueue messages) {
		return this.jdbc.sql((messages.deduplicationKey() != null) ? this.enqueueOnce : this.enqueue)
			.param("priority", messages.priority())
			.param("at", (messages.at() != null) ? OffsetDateTime.ofInstant(messages.at(), ZoneOffset.UTC) : null,
					Types.TIMESTAMP_WITH_TIMEZONE)
			.param("delay", millis(messages.delay()))
			.param("key", messages.deduplicationKey(), Types.VARCHAR)
			.param("headers", messages.headers(), Types.VARCHAR)
			.param("payloads", messages.payloads().toArray(String[]::new))
			.param("queue", messages.queue())
			.query(IdRows::id)
			.list();
	}

	private static long millis(@Nullable Duration duration) {
		return (duration != null) ? duration.toMillis() : 0;
	}

	@Override
	public Claimer claimer(String queue) {
		return claimer(queue, new ClaimCursor());
	}

	Claimer claimer(String queue, ClaimCursor cursor) {
		return new PostgresClaimer(this.jdbc, this.transactions, this.schema, queue, cursor);
	}

	@Override
	public Set<Long> complete(Collection<Lease> leases, boolean archive) {
		return held(archive ? this.archive : this.delete, leases);
	}

	@Override
	public Set<Long> extend(Collection<Lease> leases, Duration visibility) {
		return extend(this.extend, leases, visibility);
	}

	@Override
	public Set<Long> tryExtend(Collection<Lease> leases, Duration visibility) {
		return extend(this.tryExtend, leases, visibility);
	}

	private Set<Long> extend(String sql, Collection<Lease> leases, Duration visibility) {
		List<Lease> sorted = sorted(leases);
		return this.jdbc.sql(sql)
			.param("ids", ids(sorted))
			.param("counts", counts(sorted))
			.param("visibility", visibility.toMillis())
			.param("relaxed", !this.transactions.isActive())
			.query(IdRows::id)
			.set();
	}

	@Override
	public Set<Long> held(Collection<Lease> leases) {
		return held(this.held, leases);
	}

	private Set<Long> held(String sql, Collection<Lease> leases) {
		List<Lease> sorted = sorted(leases);
		return this.jdbc.sql(sql).param("ids", ids(sorted)).param("counts", counts(sorted)).query(IdRows::id).set();
	}

	@Override
	public Set<Long> release(Collection<Release> releases) {
		List<Release> sorted = releases.stream().sorted(Comparator.comparing(Release::lease, ORDER)).toList();
		List<Lease> leases = sorted.stream().map(Release::lease).toList();
		return this.jdbc.sql(this.release)
			.param("ids", ids(leases))
			.param("counts", counts(leases))
			.param("delays", sorted.stream().mapToLong((release) -> release.delay().toMillis()).toArray())
			.param("refunds", sorted.stream().mapToInt((release) -> release.attemptCounts() ? 0 : 1).toArray())
			.query(IdRows::id)
			.set();
	}

	@Override
	public Set<Long> deadLetter(Collection<Death> deaths) {
		List<Death> sorted = deaths.stream().sorted(Comparator.comparing(Death::lease, ORDER)).toList();
		List<Lease> leases = sorted.stream().map(Death::lease).toList();
		return this.jdbc.sql(this.deadLetter)
			.param("ids", ids(leases))
			.param("counts", counts(leases))
			.param("errors", sorted.stream().map(Death::error).toArray(String[]::new))
			.query(IdRows::id)
			.set();
	}

	private static List<Lease> sorted(Collection<Lease> leases) {
		return leases.stream().sorted(ORDER).toList();
	}

	private static long[] ids(List<Lease> leases) {
		return leases.stream().mapToLong(Lease::messageId).toArray();
	}

	private static int[] counts(List<Lease> leases) {
		return leases.stream().mapToInt(Lease::deliveryCount).toArray();
	}

	@Override
	public @Nullable MessageRecord find(long id) {
		return this.jdbc.sql(this.schema.qualify(FIND))
			.param("id", id)
			.query((rs, index) -> MessageRows.message(rs, PostgresMessageStore::time))
			.optional()
			.orElse(null);
	}

	private static @Nullable Instant time(ResultSet rs, String column) throws SQLException {
		OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

}
