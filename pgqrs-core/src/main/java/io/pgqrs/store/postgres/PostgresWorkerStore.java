package io.pgqrs.store.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;

import io.pgqrs.store.Reclaimed;
import io.pgqrs.store.WorkerRecord;
import io.pgqrs.store.WorkerRecord.Registration;
import io.pgqrs.store.WorkerStore;
import io.pgqrs.store.jdbc.WorkerRows;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Workers in PostgreSQL. */
final class PostgresWorkerStore implements WorkerStore {

	private static final Log logger = LogFactory.getLog(PostgresWorkerStore.class);

	private static final String REGISTER = """
			INSERT INTO pgqrs_workers (name, hostname, pid, version, queues, status, dead_after_ms)
			VALUES (:name, :hostname, :pid, :version, :queues, 'running', :deadAfter)
			RETURNING id""";

	private static final String HEARTBEAT = """
			UPDATE pgqrs_workers SET heartbeat_at = statement_timestamp(), queues = :queues
			WHERE id = :id AND status = 'running'""";

	private static final String STOPPED = """
			UPDATE pgqrs_workers SET heartbeat_at = statement_timestamp(), status = 'stopped'
			WHERE id = :id AND status = 'running'""";

	private static final String FIND_ALL = """
			SELECT *, CAST(1000 * extract(epoch FROM statement_timestamp() - heartbeat_at) AS bigint) AS age_ms
			FROM pgqrs_workers ORDER BY started_at DESC, id DESC""";

	// Messages are looked at only if a worker died, and then all of them: no index names
	// workers, which every claim would have to keep up.
	private static final String RECLAIM = """
			WITH died AS (
				UPDATE pgqrs_workers SET status = 'dead'
				WHERE status = 'running'
					AND heartbeat_at < statement_timestamp()
						- coalesce(dead_after_ms, :silence) * interval '1 millisecond'
				RETURNING id, name || ' (' || id || ', process ' || pid || ' on ' || hostname || ')' AS name),
			freed AS (
				UPDATE pgqrs_messages m SET visible_at = statement_timestamp(), worker_id = NULL
				FROM died
				WHERE m.worker_id = died.id AND m.visible_at > statement_timestamp()
				RETURNING m.queue_id)
			SELECT name AS worker, NULL AS queue, 0 AS messages FROM died
			UNION ALL
			SELECT NULL, q.name, count(*) FROM freed JOIN pgqrs_queues q ON q.id = freed.queue_id GROUP BY q.name""";

	private final JdbcClient jdbc;

	private final @Nullable JdbcClient direct;

	private final PostgresSchema schema;

	/**
	 * Makes it.
	 * @param direct opens a connection for each heartbeat, which handlers that keep the
	 * whole pool busy then cannot hold up; null to use the pool
	 */
	PostgresWorkerStore(JdbcClient jdbc, @Nullable JdbcClient direct, PostgresSchema schema) {
		this.jdbc = jdbc;
		this.direct = direct;
		this.schema = schema;
	}

	@Override
	public long register(Registration registration) {
		return sql(REGISTER).param("name", registration.name())
			.param("hostname", registration.hostname())
			.param("pid", registration.pid())
			.param("version", registration.version())
			.param("queues", registration.queues().toArray(String[]::new))
			.param("deadAfter", registration.deadAfter().toMillis())
			.query(Long.class)
			.single();
	}

	@Override
	public boolean heartbeat(long id, List<String> queues) {
		if (this.direct != null) {
			try {
				return heartbeat(this.direct, id, queues);
			}
			catch (CannotGetJdbcConnectionException ex) {
				logger.debug("No connection besides the pool", ex);
			}
		}
		return heartbeat(this.jdbc, id, queues);
	}

	private boolean heartbeat(JdbcClient jdbc, long id, List<String> queues) {
		return jdbc.sql(this.schema.qualify(HEARTBEAT))
			.param("id", id)
			.param("queues", queues.toArray(String[]::new))
			.update() == 1;
	}

	@Override
	public void stopped(long id) {
		sql(STOPPED).param("id", id).update();
	}

	@Override
	public List<WorkerRecord> findAll() {
		return sql(FIND_ALL).query(PostgresWorkerStore::worker).list();
	}

	private static WorkerRecord worker(ResultSet rs, int index) throws SQLException {
		Array queues = rs.getArray("queues");
		Registration registration = new Registration(rs.getString("name"), rs.getString("hostname"), rs.getLong("pid"),
				rs.getString("version"), List.of((String[]) queues.getArray()), WorkerRows.deadAfter(rs));
		return new WorkerRecord(rs.getLong("id"), registration, rs.getString("status"),
				rs.getObject("started_at", OffsetDateTime.class).toInstant(),
				rs.getObject("heartbeat_at", OffsetDateTime.class).toInstant(), WorkerRows.age(rs));
	}

	@Override
	public Reclaimed reclaim(Duration silence) {
		return sql(RECLAIM).param("silence", silence.toMillis()).query(WorkerRows::reclaimed);
	}

	private JdbcClient.StatementSpec sql(String sql) {
		return this.jdbc.sql(this.schema.qualify(sql));
	}

}
