package io.pgqrs.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.pgqrs.store.Lease;
import io.pgqrs.store.SignalReceipt;
import io.pgqrs.store.WorkflowStoreContract;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A pool whose transactions are REPEATABLE READ unless they say otherwise. */
class PostgresRepeatableReadTests extends WorkflowStoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres((dataSource) -> new DelegatingDataSource(dataSource) {
			@Override
			public Connection getConnection() throws SQLException {
				Connection connection = super.getConnection();
				connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
				return connection;
			}
		});
	}

	@Test
	void runsWaitAndAreSentSignals() {
		Lease lease = startAndClaim();
		assertThat(this.steps.receive(lease, "go", "go", Duration.ofHours(1)).state())
			.isEqualTo(SignalReceipt.State.WAITING);
		assertThat(this.steps.suspend(lease)).isPositive();
		assertThat(this.runs.signal(lease.messageId(), "go", "1")).isTrue();
		Lease next = claimRun(lease.messageId());
		assertThat(this.steps.receive(next, "go", "go", Duration.ofHours(1)).payload()).isEqualTo("1");
	}

}
