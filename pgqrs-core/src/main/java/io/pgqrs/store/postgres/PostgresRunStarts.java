package io.pgqrs.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import io.pgqrs.store.Claim;
import io.pgqrs.store.NewRun;
import io.pgqrs.store.StartedRun;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.store.jdbc.WorkflowRunRows;
import io.pgqrs.store.postgres.SharedStatement.Share;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Starts runs in PostgreSQL; those of one moment in one statement. */
final class PostgresRunStarts {

	// pgqrs_workflow_runs_key finds an earlier run, which is not locked. A message is
	// added only with its run: one that got in between leaves no orphan.
	private static final String START = """
			WITH taken AS MATERIALIZED (
				SELECT id FROM pgqrs_workflow_runs WHERE workflow = :workflow AND key = :key),
			drawn AS MATERIALIZED (
				SELECT nextval('pgqrs_messages_id_seq') AS id, q.id AS queue_id,
					CASE WHEN CAST(:lease AS bigint) IS NOT NULL THEN statement_timestamp()
						ELSE greatest(CAST(:at AS timestamptz),
							statement_timestamp() + :delay * interval '1 millisecond') END AS due_at
				FROM pgqrs_queues q WHERE q.name = :queue AND NOT EXISTS (SELECT 1 FROM taken)),
			run AS (
				INSERT INTO pgqrs_workflow_runs (id, workflow, key, priority, due_at, timeout_ms, deadline_at, headers,
					input)
				SELECT id, :workflow, :key, :priority, due_at, :timeout, due_at + :timeout * interval '1 millisecond',
					CAST(:headers AS jsonb), CAST(:input AS json)
				FROM drawn
				ON CONFLICT (workflow, key) WHERE key IS NOT NULL DO NOTHING
				RETURNING id, headers, input),
			message AS (
				INSERT INTO pgqrs_messages (id, visible_at, claimed_at, worker_id, queue_id, priority, delivery_count,
					attempts, headers, payload)
				SELECT run.id, due_at + coalesce(:lease, 0) * interval '1 millisecond',
					CASE WHEN CAST(:lease AS bigint) IS NOT NULL THEN due_at END, :worker, queue_id, :priority, :leases,
					:leases, run.headers, CAST(coalesce(run.input, 'null') AS jsonb)
				FROM run JOIN drawn ON drawn.id = run.id
				RETURNING id, payload)
			SELECT id, false AS created, NULL AS payload FROM taken UNION ALL SELECT id, true, payload FROM message""";

	// The same without keys: a key may have to wait for who is just using it.
	// (SELECT :queues), as for the end of runs.
	private static final String START_TOGETHER = """
			WITH drawn AS MATERIALIZED (
				SELECT nextval('pgqrs_messages_id_seq') AS id, q.id AS queue_id, start.position, start.workflow,
					start.priority, start.lease >= 0 AS leased, greatest(start.lease, 0) * interval '1 millisecond' AS lease,
					nullif(start.timeout, -1) AS timeout, CAST(start.headers AS jsonb) AS headers, start.input,
					CASE WHEN start.lease >= 0 THEN statement_timestamp()
						ELSE statement_timestamp() + start.delay * interval '1 millisecond' END AS due_at
				FROM unnest((SELECT :workflows), (SELECT :queues), (SELECT :priorities), (SELECT :delays),
						(SELECT :timeouts), (SELECT :leases), (SELECT :headers), (SELECT :inputs)) WITH ORDINALITY
					AS start(workflow, queue, priority, delay, timeout, lease, headers, input, position)
				JOIN pgqrs_queues q ON q.name = start.queue),
			run AS (
				INSERT INTO pgqrs_workflow_runs (id, workflow, priority, due_at, timeout_ms, deadline_at, headers, input)
				SELECT id, workflow, priority, due_at, timeout, due_at + timeout * interval '1 millisecond', headers,
					CAST(input AS json)
				FROM drawn),
			message AS (
				INSERT INTO pgqrs_messages (id, visible_at, claimed_at, worker_id, queue_id, priority, delivery_count,
					attempts, headers, payload)
				SELECT id, due_at + lease, CASE WHEN leased THEN due_at END, CASE WHEN leased THEN :worker END, queue_id,
					priority, CAST(leased AS integer), CAST(leased AS integer), headers,
					CAST(coalesce(input, 'null') AS jsonb)
				FROM drawn
				RETURNING id, payload)
			SELECT drawn.position, drawn.id, true AS created, message.payload
			FROM message JOIN drawn ON drawn.id = message.id""";

	// pgqrs_workflow_runs_key.
	private static final String EARLIER = """
			SELECT id, false AS created, NULL AS payload FROM pgqrs_workflow_runs
			WHERE workflow = :workflow AND key = :key""";

	private static final long NONE = -1;

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	private final String start;

	private final String startTogether;

	private final String earlier;

	private final SharedStatement<NewRun, @Nullable StartedRun> shared;

	PostgresRunStarts(JdbcClient jdbc, StoreTransactions transactions, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.start = schema.qualify(START);
		this.startTogether = schema.qualify(START_TOGETHER);
		this.earlier = schema.qualify(EARLIER);
		this.shared = new SharedStatement<>(this::startTogether, this::insert);
	}

	@Nullable StartedRun start(NewRun run) {
		if (run.key() == null && run.at() == null && this.transactions.isNone()) {
			return this.shared.execute(run);
		}
		StartedRun started = insert(run);
		if (started == null && run.key() != null) {
			// There is no such queue, or somebody else has started it since the statement
			// began.
			return this.jdbc.sql(this.earlier)
				.param("workflow", run.workflow())
				.param("key", run.key())
				.query(PostgresRunStarts::started)
				.optional()
				.orElse(null);
		}
		return started;
	}

	private @Nullable StartedRun insert(NewRun run) {
		boolean leased = run.lease() != null;
		OffsetDateTime at = (run.at() != null) ? OffsetDateTime.ofInstant(run.at(), ZoneOffset.UTC) : null;
		return this.jdbc.sql(this.start)
			.param("workflow", run.workflow())
			.param("key", run.key(), Types.VARCHAR)
			.param("queue", run.queue())
			.param("input", run.input(), Types.VARCHAR)
			.param("priority", run.priority())
			.param("at", at, Types.TIMESTAMP_WITH_TIMEZONE)
			.param("delay", (run.delay() != null) ? run.delay().toMillis() : 0)
			.param("timeout", (run.timeout() != null) ? run.timeout().toMillis() : null, Types.BIGINT)
			.param("headers", WorkflowRunRows.headers(run), Types.VARCHAR)
			.param("lease", (run.lease() != null) ? run.lease().toMillis() : null, Types.BIGINT)
			.param("worker", leased ? Claim.NO_WORKER : null, Types.BIGINT)
			.param("leases", leased ? 1 : 0)
			.query(PostgresRunStarts::started)
			.optional()
			.orElse(null);
	}

	private List<@Nullable Share<@Nullable StartedRun>> startTogether(List<NewRun> runs) {
		List<@Nullable Share<@Nullable StartedRun>> shares = new ArrayList<>(Collections.nCopies(runs.size(), null));
		this.jdbc.sql(this.startTogether)
			.param("workflows", texts(runs, NewRun::workflow))
			.param("queues", texts(runs, NewRun::queue))
			.param("priorities", runs.stream().mapToInt(NewRun::priority).toArray())
			.param("delays", longs(runs, (run) -> (run.delay() != null) ? run.delay().toMillis() : 0))
			.param("timeouts", longs(runs, (run) -> orNone(run.timeout())))
			.param("leases", longs(runs, (run) -> orNone(run.lease())))
			.param("headers", texts(runs, WorkflowRunRows::headers))
			.param("inputs", texts(runs, NewRun::input))
			.param("worker", Claim.NO_WORKER)
			.query((rs) -> {
				shares.set(rs.getInt("position") - 1, new Share<>(started(rs, 0)));
			});
		return shares;
	}

	private static long orNone(@Nullable Duration duration) {
		return (duration != null) ? duration.toMillis() : NONE;
	}

	private static long[] longs(List<NewRun> runs, ToLongFunction<NewRun> value) {
		return runs.stream().mapToLong(value).toArray();
	}

	private static @Nullable String[] texts(List<NewRun> runs, Function<NewRun, @Nullable String> value) {
		return runs.stream().map(value).toArray(String[]::new);
	}

	private static StartedRun started(ResultSet rs, int index) throws SQLException {
		return new StartedRun(rs.getLong("id"), rs.getBoolean("created"), rs.getString("payload"));
	}

}
