package io.pgqrs.store.postgres;

import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.pgqrs.store.Claim;
import io.pgqrs.store.Claimer;
import io.pgqrs.store.Claims;
import io.pgqrs.store.jdbc.ClaimedRow;
import io.pgqrs.store.jdbc.StoreTransactions;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Claims in index order, from where the last claim ended.
 * <p>
 * A transaction left open anywhere in the database keeps deleted rows in the index, and a
 * claim from the beginning walks all of them again. So a claim goes on where the last one
 * ended, level by level, and only a <em>sweep</em> starts at the beginning and looks for
 * new levels. What a sweep alone can find, a message whose transaction committed late or
 * whose claim was rolled back, waits for the next one; how often they come is up to
 * {@link ClaimCursor}.
 */
final class PostgresClaimer implements Claimer {

	// pgqrs_messages_claim (queue_id, priority DESC, visible_at, id) serves each level as
	// a range, without a sort, and finds the next level by one descent. Levels are
	// visited
	// lazily: a full batch never touches lower ones. MATERIALIZED, because a plain
	// subquery may lock more rows than the limit. ANY (ARRAY(...)), because a generic
	// plan
	// knows no limit, expects a tenth of the table to be due, and would join it with a
	// scan of the whole table. {limit} is written into the text, in few different sizes:
	// as
	// a parameter it would make the generic plan look so dear that each claim would be
	// planned anew, which takes as long as the claim.
	private static final String CLAIM = """
			WITH RECURSIVE queue AS MATERIALIZED (
				SELECT id, visibility_timeout_ms, max_attempts,
					CASE WHEN :relaxed THEN set_config('synchronous_commit', 'off', true) END
				FROM pgqrs_queues WHERE name = :queue AND NOT paused),
			{levels},
			due AS MATERIALIZED (
				SELECT m.id, m.visible_at, m.attempts >= coalesce(:maxAttempts, queue.max_attempts) AS exhausted
				FROM queue CROSS JOIN level CROSS JOIN LATERAL (
					SELECT id, visible_at, attempts FROM pgqrs_messages
					WHERE queue_id = queue.id AND priority = level.priority
						AND (visible_at, id) > (level.visible_at, level.id) AND visible_at <= statement_timestamp()
					ORDER BY visible_at, id
					LIMIT {limit}
					FOR UPDATE SKIP LOCKED) m
				LIMIT {limit}),
			dead AS (
				DELETE FROM pgqrs_messages m WHERE m.id = ANY (ARRAY(SELECT id FROM due WHERE exhausted))
				RETURNING m.*),
			buried AS (
				INSERT INTO pgqrs_dead_letters (id, enqueued_at, queue_id, priority, attempts, delivery_count,
					deduplication_key, error, headers, payload)
				SELECT id, enqueued_at, queue_id, priority, attempts, delivery_count, deduplication_key, :error,
					headers, payload
				FROM dead
				RETURNING id, priority, enqueued_at),
			claimed AS (
				UPDATE pgqrs_messages m
				SET visible_at = statement_timestamp()
						+ coalesce(:lease, queue.visibility_timeout_ms) * interval '1 millisecond',
					claimed_at = coalesce(m.claimed_at, statement_timestamp()), delivery_count = m.delivery_count + 1,
					attempts = m.attempts + 1, worker_id = :worker
				FROM due CROSS JOIN queue
				WHERE m.id = ANY (ARRAY(SELECT id FROM due WHERE NOT exhausted)) AND m.id = due.id
				RETURNING m.id, m.delivery_count, m.attempts, m.priority, m.payload, m.headers, m.enqueued_at,
					due.visible_at AS due_at, statement_timestamp() AS leased_at, m.visible_at)
			SELECT id, delivery_count, attempts, priority, payload, headers, enqueued_at, due_at, leased_at, visible_at
			FROM claimed
			UNION ALL
			SELECT buried.id, 0, 0, buried.priority, NULL, NULL, NULL, due.visible_at, NULL, NULL
			FROM buried JOIN due ON due.id = buried.id""";

	/** All levels, from the beginning. */
	private static final String ALL_LEVELS = """
			found AS (
				(SELECT priority FROM pgqrs_messages
				WHERE queue_id = (SELECT id FROM queue)
				ORDER BY priority DESC LIMIT 1)
				UNION ALL
				SELECT (SELECT m.priority FROM pgqrs_messages m
					WHERE m.queue_id = (SELECT id FROM queue) AND m.priority < found.priority
					ORDER BY m.priority DESC LIMIT 1)
				FROM found WHERE found.priority IS NOT NULL),
			level AS (
				SELECT priority, CAST('-infinity' AS timestamptz) AS visible_at, CAST(0 AS bigint) AS id
				FROM found WHERE priority IS NOT NULL)""";

	/** Those that the cursor knows, from where it stands. */
	private static final String CURSOR_LEVELS = """
			level AS (
				SELECT * FROM unnest(:priorities, CAST(:cursorTimes AS timestamptz[]), :cursorIds)
					AS position(priority, visible_at, id))""";

	private static final Log logger = LogFactory.getLog(PostgresClaimer.class);

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	/** By their limits. */
	private final Map<Integer, String> sweeps = new ConcurrentHashMap<>();

	/** By their limits. */
	private final Map<Integer, String> continuations = new ConcurrentHashMap<>();

	private final String sweep;

	private final String continuation;

	private final String queue;

	private final ClaimCursor cursor;

	PostgresClaimer(JdbcClient jdbc, StoreTransactions transactions, PostgresSchema schema, String queue,
			ClaimCursor cursor) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.sweep = schema.qualify(CLAIM.replace("{levels}", ALL_LEVELS));
		this.continuation = schema.qualify(CLAIM.replace("{levels}", CURSOR_LEVELS));
		this.queue = queue;
		this.cursor = cursor;
	}

	@Override
	public Claims claim(Claim claim) {
		if (this.transactions.isActive()) {
			// It may be rolled back, and would leave the cursor beyond messages that are
			// due.
			return ClaimedRow.claims(execute(claim, claim.limit(), List.of(), false));
		}
		List<ClaimCursor.Position> positions = this.cursor.positions();
		if (positions.isEmpty()) {
			return ClaimedRow.claims(sweep(claim, claim.limit()));
		}
		List<ClaimedRow> rows = execute(claim, claim.limit(), positions, true);
		this.cursor.advance(rows, rows.size() == claim.limit());
		int missing = claim.limit() - rows.size();
		if (missing > 0 && (claim.thorough() || this.cursor.maySweep())) {
			return ClaimedRow.claims(withMore(rows, true, () -> sweep(claim, missing)));
		}
		return ClaimedRow.claims(rows);
	}

	private static String limited(String sql, int limit, Map<Integer, String> statements) {
		return statements.computeIfAbsent(limit, (size) -> sql.replace("{limit}", size.toString()));
	}

	private List<ClaimedRow> sweep(Claim claim, int limit) {
		long start = System.nanoTime();
		List<ClaimedRow> rows = execute(claim, limit, List.of(), true);
		this.cursor.swept(rows, rows.size() == limit, System.nanoTime() - start);
		return rows;
	}

	/** What is more than the limit of a statement takes another one. */
	private List<ClaimedRow> execute(Claim claim, int limit, List<ClaimCursor.Position> positions, boolean relaxed) {
		int size = roundDown(limit);
		List<ClaimedRow> rows = executeOnce(claim, size, positions, relaxed);
		if (rows.size() < size || size == limit) {
			return rows;
		}
		return withMore(rows, relaxed, () -> execute(claim, limit - size, positions, relaxed));
	}

	/** A failure of the next statement must not lose what was claimed and committed. */
	private static List<ClaimedRow> withMore(List<ClaimedRow> rows, boolean committed,
			Supplier<List<ClaimedRow>> next) {
		List<ClaimedRow> all = new ArrayList<>(rows);
		try {
			all.addAll(next.get());
		}
		catch (DataAccessException ex) {
			if (rows.isEmpty() || !committed) {
				throw ex;
			}
			logger.debug("Claimed " + rows.size() + " messages, and could not claim more", ex);
		}
		return all;
	}

	/**
	 * Up to 10 as it is, up to 100 in steps of 5, up to 1,000 in steps of 50, and so on.
	 */
	static int roundDown(int limit) {
		if (limit <= 10) {
			return limit;
		}
		long step = 5;
		while (limit > 20 * step) {
			step *= 10;
		}
		return (int) (limit - limit % step);
	}

	/**
	 * A lost claim is a redelivery, so outside a caller's transaction it need not survive
	 * a crash of the server, unless the claim says so.
	 */
	private List<ClaimedRow> executeOnce(Claim claim, int limit, List<ClaimCursor.Position> positions,
			boolean relaxed) {
		Duration lease = claim.visibilityTimeout();
		return this.jdbc
			.sql(positions.isEmpty() ? limited(this.sweep, limit, this.sweeps)
					: limited(this.continuation, limit, this.continuations))
			.param("relaxed", relaxed && !claim.durable())
			.param("queue", this.queue)
			.param("priorities", positions.stream().mapToInt(ClaimCursor.Position::priority).toArray())
			.param("cursorTimes",
					positions.stream().map((position) -> position.dueAt().toString()).toArray(String[]::new))
			.param("cursorIds", positions.stream().mapToLong(ClaimCursor.Position::id).toArray())
			.param("maxAttempts", claim.maxAttempts(), Types.INTEGER)
			.param("error", ClaimedRow.EXHAUSTED)
			.param("lease", (lease != null) ? lease.toMillis() : null, Types.BIGINT)
			.param("worker", claim.workerId())
			.query(new ClaimedRowMapper())
			.list();
	}

}
