package io.pgqrs.store.sqlite;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.pgqrs.store.Claim;
import io.pgqrs.store.Claimer;
import io.pgqrs.store.Claims;
import io.pgqrs.store.Lease;
import io.pgqrs.store.StoreContract;
import io.pgqrs.test.StatementLog;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Which way SQLite goes, and that the length of the queue does not matter. */
class SqlitePlanTests extends StoreContract {

	private static final int BACKLOG = 100_000;

	private final StatementLog log = new StatementLog();

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite(this.log::wrap);
	}

	@BeforeEach
	void empty() {
		this.database.sql("DELETE FROM pgqrs_messages").update();
	}

	@Test
	void aClaimGoesAlongTheIndexAndSortsNothing() {
		enqueue(100);
		assertThat(plan(() -> claim(50))).noneMatch((step) -> step.contains("TEMP B-TREE"))
			.noneMatch((step) -> step.contains("SCAN m") || step.contains("SCAN pgqrs_messages"))
			.anyMatch((step) -> step.startsWith("SEARCH m USING COVERING INDEX pgqrs_messages_claim")
					&& step.contains("(queue_id=? AND priority=? AND visible_at<?)"))
			.anyMatch((step) -> step.startsWith("SEARCH pgqrs_messages USING INTEGER PRIMARY KEY"));
	}

	@Test
	void lookingWhetherAnythingIsDueGoesAlongTheIndex() {
		enqueue(1, 0, Duration.ofHours(1));
		Claimer claimer = claimer();
		claimer.claim(new Claim(1, WORKER, null, null));
		assertThat(plan(() -> claimer.claim(new Claim(1, WORKER, null, null))))
			.noneMatch((step) -> step.contains("TEMP B-TREE") || step.contains("SCAN m"))
			.anyMatch((step) -> step.contains("(queue_id=? AND priority=? AND visible_at<?)"));
	}

	@Test
	void whatEndsLeasesGoesByThePrimaryKey() {
		enqueue(100);
		List<Lease> leases = leases(claim(100));
		assertGoesByThePrimaryKey(() -> this.store.messages().complete(leases.subList(0, 10), false));
		assertGoesByThePrimaryKey(() -> this.store.messages().complete(leases.subList(10, 20), true));
		assertGoesByThePrimaryKey(() -> extend(leases.get(20), LEASE));
		assertGoesByThePrimaryKey(() -> release(leases.get(20), LEASE));
		assertGoesByThePrimaryKey(() -> deadLetter(leases.get(21)));
	}

	private void assertGoesByThePrimaryKey(Runnable work) {
		assertThat(plan(work)).noneMatch((step) -> step.contains("SCAN m") || step.contains("SCAN pgqrs_messages"))
			.anyMatch((step) -> step.contains("USING INTEGER PRIMARY KEY"));
	}

	@Test
	void countingGoesAlongTheIndex() {
		enqueue(10);
		assertThat(plan(this::counts)).noneMatch((step) -> step.contains("SCAN m"))
			.anyMatch((step) -> step.contains("(queue_id=? AND priority=? AND visible_at<?)"))
			.anyMatch((step) -> step.contains("(queue_id=? AND priority=? AND visible_at>?)"));
	}

	@Test
	void aClaimOfFiftyOutOfManyTakesLessThanFiveMilliseconds() {
		fill(BACKLOG, 0, Duration.ZERO);
		double plain = medianMillis();
		fill(10_000, 9, Duration.ofHours(1));
		double behindDelayed = medianMillis();
		assertThat(plain).isLessThan(5);
		assertThat(behindDelayed).isLessThan(5);
	}

	private double medianMillis() {
		Claimer claimer = claimer();
		long[] nanos = new long[201];
		for (int i = 0; i < nanos.length; i++) {
			long start = System.nanoTime();
			Claims claims = claimer.claim(new Claim(50, WORKER, null, null));
			nanos[i] = System.nanoTime() - start;
			assertThat(claims.size()).isEqualTo(50);
		}
		Arrays.sort(nanos);
		return nanos[nanos.length / 2] / 1e6;
	}

	private void fill(int count, int priority, Duration delay) {
		for (int i = 0; i < count; i += 1_000) {
			enqueue(1_000, priority, delay);
		}
	}

	/** The steps of the only statement. */
	private List<String> plan(Runnable work) {
		this.log.clear();
		work.run();
		List<StatementLog.Entry> statements = this.log.entries();
		assertThat(statements).hasSize(1);
		return new JdbcTemplate(this.store.dataSource()).query("EXPLAIN QUERY PLAN " + statements.get(0).sql(),
				(rs, index) -> rs.getString("detail"), statements.get(0).values());
	}

}
