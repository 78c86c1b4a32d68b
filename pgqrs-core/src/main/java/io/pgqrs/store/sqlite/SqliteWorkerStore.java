package io.pgqrs.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.pgqrs.store.Reclaimed;
import io.pgqrs.store.WorkerRecord;
import io.pgqrs.store.WorkerRecord.Registration;
import io.pgqrs.store.WorkerStore;
import io.pgqrs.store.jdbc.StoreTransactions;
import io.pgqrs.store.jdbc.WorkerRows;
import io.pgqrs.support.PayloadJson;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Workers in SQLite. The queues of a worker are a JSON array. */
final class SqliteWorkerStore implements WorkerStore {

	private static final String REGISTER = """
			INSERT INTO pgqrs_workers (name, hostname, pid, version, queues, status, dead_after_ms, started_at,
				heartbeat_at)
			VALUES (:name, :hostname, :pid, :version, :queues, 'running', :deadAfter,
				CAST(unixepoch('subsec') * 1000 AS INTEGER), CAST(unixepoch('subsec') * 1000 AS INTEGER))
			RETURNING id""";

	private static final String HEARTBEAT = """
			UPDATE pgqrs_workers
			SET heartbeat_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), queues = :queues
			WHERE id = :id AND status = 'running'""";

	private static final String STOPPED = """
			UPDATE pgqrs_workers
			SET heartbeat_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), status = 'stopped'
			WHERE id = :id AND status = 'running'""";

	private static final String FIND_ALL = """
			SELECT *, CAST(unixepoch('subsec') * 1000 AS INTEGER) - heartbeat_at AS age_ms
			FROM pgqrs_workers ORDER BY started_at DESC, id DESC""";

	private static final String IS_ANY_SILENT = """
			SELECT EXISTS (SELECT 1 FROM pgqrs_workers
				WHERE status = 'running'
					AND heartbeat_at < CAST(unixepoch('subsec') * 1000 AS INTEGER) - coalesce(dead_after_ms, :silence))""";

	private static final String DECLARE_DEAD = """
			UPDATE pgqrs_workers SET status = 'dead'
			WHERE status = 'running'
				AND heartbeat_at < CAST(unixepoch('subsec') * 1000 AS INTEGER) - coalesce(dead_after_ms, :silence)
			RETURNING id, name || ' (' || id || ', process ' || pid || ' on ' || hostname || ')' AS name""";

	// Looks at all messages: no index names workers, which every claim would have to keep
	// up.
	private static final String FREE = """
			UPDATE pgqrs_messages
			SET visible_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), worker_id = NULL
			WHERE worker_id IN (SELECT value FROM json_each(:workers))
				AND visible_at > CAST(unixepoch('subsec') * 1000 AS INTEGER)
			RETURNING (SELECT name FROM pgqrs_queues WHERE id = queue_id) AS queue""";

	private final JdbcClient jdbc;

	private final StoreTransactions transactions;

	SqliteWorkerStore(JdbcClient jdbc, StoreTransactions transactions) {
		this.jdbc = jdbc;
		this.transactions = transactions;
	}

	@Override
	public long register(Registration registration) {
		return this.transactions.execute(() -> this.jdbc.sql(REGISTER)
			.param("name", registration.name())
			.param("hostname", registration.hostname())
			.param("pid", registration.pid())
			.param("version", registration.version())
			.param("queues", PayloadJson.writePlain(registration.queues()))
			.param("deadAfter", registration.deadAfter().toMillis())
			.query(Long.class)
			.single());
	}

	@Override
	public boolean heartbeat(long id, List<String> queues) {
		return this.transactions.execute(() -> this.jdbc.sql(HEARTBEAT)
			.param("id", id)
			.param("queues", PayloadJson.writePlain(queues))
			.update()) == 1;
	}

	@Override
	public void stopped(long id) {
		this.transactions.execute(() -> this.jdbc.sql(STOPPED).param("id", id).update());
	}

	@Override
	public List<WorkerRecord> findAll() {
		return this.jdbc.sql(FIND_ALL).query(SqliteWorkerStore::worker).list();
	}

	private static WorkerRecord worker(ResultSet rs, int index) throws SQLException {
		String[] queues = JsonMapper.shared().readValue(rs.getString("queues"), String[].class);
		Registration registration = new Registration(rs.getString("name"), rs.getString("hostname"), rs.getLong("pid"),
				rs.getString("version"), List.of(queues), WorkerRows.deadAfter(rs));
		return new WorkerRecord(rs.getLong("id"), registration, rs.getString("status"),
				Instant.ofEpochMilli(rs.getLong("started_at")), Instant.ofEpochMilli(rs.getLong("heartbeat_at")),
				WorkerRows.age(rs));
	}

	/** Looks first: nearly always nobody died, and then the write lock is left alone. */
	@Override
	public Reclaimed reclaim(Duration silence) {
		if (!this.jdbc.sql(IS_ANY_SILENT).param("silence", silence.toMillis()).query(Boolean.class).single()) {
			return Reclaimed.NOTHING;
		}
		return this.transactions.execute(() -> {
			Map<Long, String> dead = new LinkedHashMap<>();
			this.jdbc.sql(DECLARE_DEAD)
				.param("silence", silence.toMillis())
				.query((RowCallbackHandler) (rs) -> dead.put(rs.getLong("id"), rs.getString("name")));
			Map<String, Integer> freed = new LinkedHashMap<>();
			this.jdbc.sql(FREE)
				.param("workers", PayloadJson.writePlain(dead.keySet()))
				.query((RowCallbackHandler) (rs) -> freed.merge(rs.getString("queue"), 1, Integer::sum));
			return new Reclaimed(List.copyOf(dead.values()), freed);
		});
	}

}
