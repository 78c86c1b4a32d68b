package io.pgqrs.store.postgres;

import io.pgqrs.store.Claim;
import io.pgqrs.store.Lease;
import io.pgqrs.store.StoreContract;
import io.pgqrs.test.StatementLog;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Which commits wait for the disk. */
class PostgresDurabilityTests extends StoreContract {

	private final StatementLog log = new StatementLog();

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres(this.log::wrap);
	}

	@Test
	void aClaimDoesNotWait() {
		enqueue(2);
		assertThat(synchronousCommitAfter(() -> claim(1))).isEqualTo("off");
	}

	@Test
	void aClaimUnderWhichMoreIsWrittenWaits() {
		enqueue();
		Claim claim = new Claim(1, WORKER, null, null, false, false, true);
		assertThat(synchronousCommitAfter(() -> assertThat(claimer().claim(claim).messages()).hasSize(1)))
			.isEqualTo("on");
	}

	@Test
	void anExtensionDoesNotWait() {
		enqueue();
		Lease lease = claimOne().lease();
		assertThat(synchronousCommitAfter(() -> extend(lease, LEASE))).isEqualTo("off");
	}

	@Test
	void theRestWaits() {
		assertThat(synchronousCommitAfter(this::enqueue)).isEqualTo("on");
		assertThat(synchronousCommitAfter(() -> enqueueOnce("key"))).isEqualTo("on");
		Lease lease = leases(claim(1)).get(0);
		assertThat(synchronousCommitAfter(() -> complete(lease))).isEqualTo("on");
	}

	@Test
	void aTransactionOfTheCallerWaitsWhateverItDoes() {
		enqueue();
		this.database.transaction().executeWithoutResult((status) -> {
			this.database.sql("SET LOCAL synchronous_commit = on").update();
			extend(claimOne().lease(), LEASE);
			assertThat(synchronousCommit(new JdbcTemplate(this.store.dataSource()))).isEqualTo("on");
		});
	}

	/** Runs the statement once more, in a transaction that can be asked. */
	private String synchronousCommitAfter(Runnable work) {
		this.log.clear();
		work.run();
		StatementLog.Entry statement = this.log.entries().get(0);
		JdbcTemplate jdbc = new JdbcTemplate(this.store.dataSource());
		return this.database.transaction().execute((status) -> {
			status.setRollbackOnly();
			jdbc.execute("SET LOCAL synchronous_commit = on");
			jdbc.query(statement.sql(), (rs) -> {
			}, statement.values());
			return synchronousCommit(jdbc);
		});
	}

	private static String synchronousCommit(JdbcTemplate jdbc) {
		return jdbc.queryForObject("SHOW synchronous_commit", String.class);
	}

}
