package io.pgqrs.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.store.Lease;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.SchemaStatus;
import io.pgqrs.store.WorkflowStoreContract;
import io.pgqrs.test.RequiresPgBouncer;
import io.pgqrs.test.TestDatabase;
import io.pgqrs.test.TestPgBouncer;
import io.pgqrs.test.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sessions that a PgBouncer shares among transactions are left as they were found.
 */
@RequiresPgBouncer
class PgBouncerSessionTests extends WorkflowStoreContract {

	private static final String STATE = """
			SELECT pg_backend_pid(), concat_ws(', ', current_setting('synchronous_commit'),
				current_setting('lock_timeout'), current_setting('search_path'),
				current_setting('default_transaction_isolation'),
				(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
				(SELECT count(*) FROM pg_prepared_statements),
				(SELECT count(*) FROM pg_listening_channels()),
				(SELECT count(*) FROM pg_class WHERE relpersistence = 't'))""";

	private final TestPgBouncer pooler = TestPgBouncer.start("transaction");

	@Override
	protected TestDatabase open() {
		return TestDatabase.pgBouncer(this.pooler);
	}

	@AfterAll
	void stopPooler() {
		this.pooler.close();
	}

	@AfterEach
	void everySessionIsAsANewOne() throws SQLException {
		String fresh;
		try (Connection connection = TestPostgres.instance().direct().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SET synchronous_commit = on");
			fresh = state(connection, new HashSet<>());
		}
		try (HikariDataSource pool = TestPostgres.pool(this.pooler.url())) {
			Set<Integer> sessions = new HashSet<>();
			List<Connection> transactions = new ArrayList<>();
			try {
				for (int i = 0; i < TestPgBouncer.POOL_SIZE; i++) {
					Connection connection = pool.getConnection();
					transactions.add(connection);
					connection.setAutoCommit(false);
					assertThat(state(connection, sessions)).isEqualTo(fresh);
				}
			}
			finally {
				for (Connection connection : transactions) {
					connection.close();
				}
			}
			assertThat(sessions).hasSize(TestPgBouncer.POOL_SIZE);
		}
	}

	private static String state(Connection connection, Set<Integer> sessions) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(STATE)) {
			row.next();
			sessions.add(row.getInt(1));
			return row.getString(2);
		}
	}

	@Test
	void byMessagesThatAreClaimedExtendedAndSettled() throws Exception {
		enqueue(200);
		concurrently(8, () -> {
			for (Lease lease : leases(claim(20))) {
				extend(lease, LEASE);
				if (lease.messageId() % 2 == 0) {
					archive(lease);
				}
				else {
					deadLetter(lease);
				}
			}
			return null;
		});
		this.store.queues().delete(newQueue());
	}

	@Test
	void byAProcessThatTriesToListen() throws SQLException {
		SessionProbe probe = new SessionProbe(JdbcClient.create(this.store.dataSource()), "probe");
		try (Connection connection = TestPostgres.direct(this.pooler.url()).getConnection()) {
			assertThat(probe.holdsSession(connection)).isFalse();
		}
	}

	@Test
	void byMigrationsOfManyProcessesAtOnce() throws Exception {
		String schema = TestPostgres.instance().newSchema();
		try {
			List<SchemaStatus> states = concurrently(4, () -> {
				try (HikariDataSource pool = TestPostgres.pool(this.pooler.url())) {
					PgqrsStore process = PostgresStore.create(pool, schema, TestPostgres.direct(this.pooler.url()));
					process.schema().migrate();
					return process.schema().status();
				}
			});
			assertThat(states).extracting(SchemaStatus::state).containsOnly(SchemaStatus.State.CURRENT);
		}
		finally {
			JdbcClient.create(TestPostgres.instance().direct()).sql("DROP SCHEMA " + schema + " CASCADE").update();
		}
	}

	@Test
	void bySignalsAndThoseWhoWaitForThem() throws Exception {
		List<Long> ids = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			ids.add(start());
		}
		Queue<Long> left = new ConcurrentLinkedQueue<>(ids);
		concurrently(4, () -> {
			for (Long id = left.poll(); id != null; id = left.poll()) {
				Lease lease = claimRun(id);
				this.runs.signal(id, "go", null);
				this.steps.receive(lease, "wait", "go", TIMEOUT);
				this.steps.suspend(lease);
			}
			return null;
		});
	}

}
