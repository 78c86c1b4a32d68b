package io.pgqrs.store.postgres;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.pgqrs.store.Claim;
import io.pgqrs.store.Claimer;
import io.pgqrs.store.Claims;
import io.pgqrs.store.Lease;
import io.pgqrs.store.MessageStore;
import io.pgqrs.store.MessageStore.Death;
import io.pgqrs.store.MessageStore.Release;
import io.pgqrs.store.StoreContract;
import io.pgqrs.test.StatementLog;
import io.pgqrs.test.TestDatabase;
import io.pgqrs.test.TestPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a statement costs is counted in pages, which do not depend on the machine. */
class PostgresPlanTests extends StoreContract {

	private static final int BACKLOG = 100_000;

	private final StatementLog log = new StatementLog();

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres(this.log::wrap);
	}

	@BeforeEach
	void empty() {
		this.database.sql("TRUNCATE pgqrs_messages").update();
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void aClaimOfFiftyOutOfManyIsCheapAndSortsNothing(String mode) {
		fill(BACKLOG, 0, Duration.ZERO);
		fill(10_000, 9, Duration.ofHours(1));
		ExplainedPlan unanalyzed = explainClaim(mode);
		assertThat(unanalyzed.buffers()).as("%s", unanalyzed).isLessThan(1_000);
		this.database.sql("ANALYZE pgqrs_messages").update();
		ExplainedPlan plan = explainClaim(mode);
		assertThat(plan.buffers()).as("%s", plan).isLessThan(1_000);
		assertThat(plan.sortedRows()).isZero();
		assertThat(plan.nodes("Seq Scan")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void aFullBatchOfAHigherLevelDoesNotTouchLowerOnes(String mode) {
		fill(BACKLOG / 2, 9, Duration.ZERO);
		fill(BACKLOG / 2, 5, Duration.ZERO);
		fill(BACKLOG / 2, 0, Duration.ZERO);
		this.database.sql("ANALYZE pgqrs_messages").update();
		ExplainedPlan plan = explainClaim(mode);
		assertThat(plan.nodes("LockRows")).as("%s", plan).singleElement().satisfies((node) -> {
			assertThat(node.get("Actual Loops").asInt()).isEqualTo(1);
			assertThat(node.get("Actual Rows").asInt()).isEqualTo(50);
		});
		assertThat(plan.buffers()).isLessThan(1_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void completingFiftyIsCheap(String mode) {
		fill(BACKLOG, 0, Duration.ZERO);
		this.database.sql("ANALYZE pgqrs_messages").update();
		List<Lease> leases = leases(claim(50));
		ExplainedPlan deletion = explain(() -> this.store.messages().complete(leases, false), mode);
		assertThat(deletion.buffers()).as("%s", deletion).isLessThan(1_000);
		List<Lease> more = leases(claim(50));
		ExplainedPlan archive = explain(() -> this.store.messages().complete(more, true), mode);
		assertThat(archive.buffers()).as("%s", archive).isLessThan(1_500);
	}

	/** Statistics from when no message had a worker say that none ever has. */
	@ParameterizedTest
	@ValueSource(strings = { "auto", "force_generic_plan" })
	void endingManyLeasesComparesNoMessageWithAllLeases(String mode) {
		fill(20_000, 0, Duration.ZERO);
		this.database.sql("VACUUM ANALYZE pgqrs_messages").update();
		List<Lease> leases = leases(claim(500));
		MessageStore messages = this.store.messages();
		List<Runnable> endings = List.of(() -> messages.complete(leases, false), () -> messages.complete(leases, true),
				() -> messages.extend(leases, LEASE), () -> messages.tryExtend(leases, LEASE),
				() -> messages.release(leases.stream().map((lease) -> new Release(lease, LEASE, true)).toList()),
				() -> messages.deadLetter(leases.stream().map((lease) -> new Death(lease, "gone")).toList()));
		for (Runnable ending : endings) {
			ExplainedPlan plan = explain(ending, mode);
			assertThat(plan.nodes("Seq Scan")).as("%s", plan).isEmpty();
			assertThat(plan.rows()).as("%s", plan).isLessThan(10_000);
		}
	}

	@Test
	void claimsAndCompletionsArePlannedOnce() {
		fill(20_000, 0, Duration.ZERO);
		this.database.sql("VACUUM ANALYZE pgqrs_messages").update();
		Claimer claimer = claimer();
		this.database.transaction().executeWithoutResult((status) -> {
			// Of one session, which may have done other things before.
			long custom = plans("custom_plans");
			long generic = plans("generic_plans");
			for (int i = 0; i < 60; i++) {
				List<Lease> leases = leases(claimer.claim(new Claim(50, WORKER, null, null)));
				assertThat(this.store.messages().complete(leases, i % 2 == 0)).hasSize(50);
			}
			assertThat(plans("custom_plans") - custom).isLessThanOrEqualTo(3 * 5);
			assertThat(plans("generic_plans") - generic).isGreaterThan(2 * 60 - 3 * 12);
		});
	}

	private long plans(String column) {
		return this.database.sql("SELECT coalesce(sum(" + column + "), 0) FROM pg_prepared_statements")
			.query(Long.class)
			.single();
	}

	@Test
	void aClaimFromTheCursorIsCheapWhileAnOpenTransactionKeepsDeletedRows() throws Exception {
		fill(BACKLOG + 1_000, 0, Duration.ZERO);
		this.database.sql("ANALYZE pgqrs_messages").update();
		try (Connection open = snapshot()) {
			Claimer claimer = ((PostgresMessageStore) this.store.messages()).claimer(this.queue,
					new ClaimCursor(() -> 0));
			for (int i = 0; i < BACKLOG; i += 1_000) {
				Claims claims = claimer.claim(new Claim(1_000, WORKER, null, null));
				this.store.messages().complete(leases(claims), false);
			}
			assertThat(rows("pgqrs_messages")).isEqualTo(1_000);
			ExplainedPlan sweep = explainClaim("auto");
			for (String mode : List.of("auto", "force_generic_plan")) {
				StatementLog.Entry next = statement(
						() -> assertThat(ids(claimer.claim(new Claim(50, WORKER, null, null)))).hasSize(50));
				ExplainedPlan plan = ExplainedPlan.of(TestPostgres.instance().direct(), next, mode);
				assertThat(plan.buffers()).as("%s", plan).isLessThan(1_000);
				assertThat(plan.buffers()).isLessThan(sweep.buffers() / 4);
				assertThat(plan.sortedRows()).isZero();
			}
			open.rollback();
		}
	}

	@Test
	void drainingGoesOnAtTheSamePriceWhileATransactionIsOpenElsewhere() throws Exception {
		int total = 200_000;
		fill(total, 0, Duration.ZERO);
		this.database.sql("ANALYZE pgqrs_messages").update();
		long[] now = { 0 };
		Claimer claimer = ((PostgresMessageStore) this.store.messages()).claimer(this.queue,
				new ClaimCursor(() -> now[0]));
		long[] buffers = new long[4];
		try (Connection open = snapshot()) {
			for (int quarter = 0; quarter < buffers.length; quarter++) {
				long before = buffers();
				for (int drained = 0; drained < total / buffers.length; drained += 100) {
					Claims claims = claimer.claim(new Claim(100, WORKER, null, null));
					assertThat(this.store.messages().complete(leases(claims), false)).hasSize(100);
					// As fast as 50,000 messages a second.
					now[0] += Duration.ofMillis(2).toNanos();
				}
				buffers[quarter] = buffers() - before;
			}
			open.rollback();
		}
		assertThat(rows("pgqrs_messages")).isZero();
		assertThat(buffers[3]).as("pages for each quarter: %s", Arrays.toString(buffers))
			.isLessThan(buffers[0] * 3 / 2);
	}

	/** Pages of the messages and their indexes, read by all transactions so far. */
	private long buffers() {
		this.database.sql("SELECT pg_stat_force_next_flush()").query((rs) -> {
		});
		return this.database.sql("""
				SELECT heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit FROM pg_statio_all_tables
				WHERE relid = CAST('pgqrs_messages' AS regclass)""").query(Long.class).single();
	}

	private ExplainedPlan explainClaim(String mode) {
		return explain(() -> assertThat(claimIds(50)).hasSize(50), mode);
	}

	/**
	 * The statement has run; its messages are put back, so that it finds the same again.
	 */
	private ExplainedPlan explain(Runnable work, String mode) {
		StatementLog.Entry[] statement = new StatementLog.Entry[1];
		this.database.transaction().executeWithoutResult((status) -> {
			statement[0] = statement(work);
			status.setRollbackOnly();
		});
		return ExplainedPlan.of(TestPostgres.instance().direct(), statement[0], mode);
	}

	private StatementLog.Entry statement(Runnable work) {
		this.log.clear();
		work.run();
		assertThat(this.log.entries()).hasSize(1);
		return this.log.entries().get(0);
	}

	/** A transaction that has seen everything and does not end. */
	private static Connection snapshot() throws Exception {
		Connection connection = TestPostgres.instance().direct().getConnection();
		connection.setAutoCommit(false);
		connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT txid_current()");
		}
		return connection;
	}

	private void fill(int count, int priority, Duration delay) {
		this.database.sql("""
				INSERT INTO pgqrs_messages (queue_id, priority, visible_at, payload)
				SELECT (SELECT id FROM pgqrs_queues WHERE name = :queue), :priority,
					statement_timestamp() + :delay * interval '1 millisecond', '{"text": "as long as most of them are"}'
				FROM generate_series(1, :count)""")
			.param("queue", this.queue)
			.param("priority", priority)
			.param("delay", delay.toMillis())
			.param("count", count)
			.update();
	}

}
