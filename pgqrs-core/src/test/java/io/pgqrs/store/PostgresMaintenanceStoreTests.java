package io.pgqrs.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.pgqrs.store.MaintenanceStore.OldestTransaction;
import io.pgqrs.test.TestDatabase;
import io.pgqrs.test.TestPostgres;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PostgresMaintenanceStoreTests extends MaintenanceStoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

	@Test
	void aTransactionThatKeepsDeadRowsIsFound() throws SQLException {
		enqueue(1_000);
		try (Connection report = open(Connection.TRANSACTION_REPEATABLE_READ, "SELECT count(*) FROM pg_class")) {
			this.store.messages().complete(leases(claim(1_000)), false);
			await().untilAsserted(() -> {
				OldestTransaction oldest = this.store.maintenance().oldestTransaction();
				assertThat(oldest).isNotNull();
				assertThat(oldest.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
				assertThat(oldest.holder()).startsWith("process ")
					.contains("user ", "application a long report", "idle in transaction");
				assertThat(oldest.deadRows()).isGreaterThanOrEqualTo(1_000);
			});
			report.rollback();
		}
		await().untilAsserted(() -> assertThat(this.store.maintenance().oldestTransaction()).isNull());
	}

	@Test
	void aTransactionThatHasWrittenIsFoundToo() throws SQLException {
		try (Connection writer = open(Connection.TRANSACTION_READ_COMMITTED, "SELECT txid_current()")) {
			assertThat(this.store.maintenance().oldestTransaction()).isNotNull();
			writer.rollback();
		}
	}

	@Test
	void aTransactionWithoutAUserIsFoundToo() throws SQLException {
		this.database.sql("CREATE ROLE passing LOGIN PASSWORD 'passing'").update();
		PGSimpleDataSource passing = (PGSimpleDataSource) TestPostgres.instance().direct();
		passing.setUser("passing");
		passing.setPassword("passing");
		try (Connection writer = open(passing.getConnection(), Connection.TRANSACTION_READ_COMMITTED,
				"SELECT txid_current()")) {
			this.database.sql("DROP ROLE passing").update();
			assertThat(this.store.maintenance().oldestTransaction()).isNotNull()
				.satisfies(
						(oldest) -> assertThat(oldest.holder()).contains("(client backend, application a long report"));
			writer.rollback();
		}
	}

	@Test
	void aTransactionThatSeesNothingAnyMoreKeepsNothing() throws SQLException {
		try (Connection idle = open(Connection.TRANSACTION_READ_COMMITTED, "SELECT count(*) FROM pg_class");
				Statement statement = idle.createStatement()) {
			// The driver leaves a portal open until it sends something else.
			statement.execute("SET LOCAL work_mem = '4MB'");
			await().untilAsserted(() -> assertThat(this.store.maintenance().oldestTransaction()).isNull());
			idle.rollback();
		}
	}

	private static Connection open(int isolation, String sql) throws SQLException {
		return open(TestPostgres.instance().direct().getConnection(), isolation, sql);
	}

	private static Connection open(Connection connection, int isolation, String sql) throws SQLException {
		connection.setTransactionIsolation(isolation);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET application_name = 'a long report'");
			connection.setAutoCommit(false);
			statement.execute(sql);
		}
		return connection;
	}

}
