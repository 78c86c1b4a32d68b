package io.pgqrs;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.pgqrs.test.LogLines;
import io.pgqrs.test.TestDatabase;
import io.pgqrs.test.TestPostgres;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PostgresMaintenanceTests extends MaintenanceContract {

	@Override
	protected TestDatabase open(UnaryOperator<DataSource> decorator) {
		return TestDatabase.postgres(decorator);
	}

	@Test
	void anOldTransactionIsWarnedOfOnceByAllProcessesAndItsEndIsTold() throws SQLException {
		List<Maintenance> processes = List.of(maintenance(this.store, Duration.ZERO),
				maintenance(this.database.anotherStore(), Duration.ZERO));
		try (LogLines lines = new LogLines()) {
			try (Connection open = snapshot()) {
				killRows(VacuumCheck.DEAD_ROWS + 1);
				for (int interval = 0; interval < 6; interval++) {
					processes.forEach(Maintenance::runOnce);
					this.database.elapse(Duration.ofSeconds(61));
				}
				assertThat(lines.lines()).singleElement()
					.asString()
					.startsWith("WARN A transaction that began ")
					.contains("dead rows", "process ", "pg_terminate_backend");
				open.rollback();
			}
			for (int interval = 0; interval < 3; interval++) {
				processes.forEach(Maintenance::runOnce);
				this.database.elapse(Duration.ofSeconds(61));
			}
			assertThat(lines.lines()).hasSize(2).last().asString().startsWith("INFO No transaction is older");
		}
	}

	@Test
	void anotherProcessWarnsWhenTheOneThatDidIsGone() throws SQLException {
		Maintenance first = maintenance(this.store, Duration.ZERO);
		Maintenance second = maintenance(this.database.anotherStore(), Duration.ZERO);
		try (LogLines lines = new LogLines(); Connection open = snapshot()) {
			killRows(VacuumCheck.DEAD_ROWS + 1);
			first.runOnce();
			this.database.elapse(Duration.ofSeconds(61));
			second.runOnce();
			assertThat(lines.lines()).hasSize(1);
			this.database.elapse(Duration.ofSeconds(61));
			second.runOnce();
			assertThat(lines.lines()).hasSize(2).allMatch((line) -> line.startsWith("WARN A transaction"));
			open.rollback();
		}
	}

	@Test
	void aTransactionIsNoConcernWhileItIsYoungOrKeepsLittle() throws SQLException {
		Maintenance patient = maintenance(this.store, Duration.ofMinutes(5));
		Maintenance impatient = maintenance(this.store, Duration.ZERO);
		try (LogLines lines = new LogLines(); Connection open = snapshot()) {
			killRows(100);
			impatient.runOnce();
			killRows(VacuumCheck.DEAD_ROWS + 1);
			this.database.elapse(Duration.ofSeconds(61));
			patient.runOnce();
			assertThat(lines.lines()).isEmpty();
			open.rollback();
		}
	}

	private static Connection snapshot() throws SQLException {
		Connection connection = TestPostgres.instance().direct().getConnection();
		connection.setAutoCommit(false);
		connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT count(*) FROM pg_class");
		}
		return connection;
	}

	/** Until the statistics say so. */
	private void killRows(int count) {
		enqueue("jobs", count);
		this.database.sql("DELETE FROM pgqrs_messages").update();
		await().until(
				() -> this.database.sql("SELECT pg_stat_get_dead_tuples(CAST('pgqrs_messages' AS regclass)) >= :count")
					.param("count", count)
					.query(Boolean.class)
					.single());
	}

}
