package io.pgqrs.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.pgqrs.test.StatementLog;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How many statements of workflows reach the driver. */
abstract class WorkflowStatementContract extends WorkflowStoreContract {

	protected final StatementLog log = new StatementLog();

	@Test
	void aStartIsOneStatement() {
		assertThat(statements(() -> start())).hasSize(1);
		assertThat(statements(() -> start(newRun(Duration.ofHours(1), TIMEOUT)))).hasSize(1);
		assertThat(statements(() -> start(newLeasedRun()))).hasSize(1);
	}

	@Test
	void aStartWithAKeyIsOneStatementTheFirstTimeAndLater() {
		assertThat(statements(() -> start(newRun("key")))).hasSize(1);
		assertThat(statements(() -> start(newRun("key")))).hasSize(1);
	}

	@Test
	void aStepIsOneStatement() {
		Lease lease = startAndClaim();
		assertThat(statements(() -> record(lease, "step"))).hasSize(1);
		assertThat(statements(() -> this.steps.record(lease, again("again", 1, LEASE)))).hasSize(1);
		assertThat(statements(() -> record(lease, "again"))).hasSize(1);
		assertThat(statements(() -> this.steps.record(lease, sleep("sleep", LEASE)))).hasSize(1);
	}

	@Test
	void theHistoriesOfFiftyAreOneStatement() {
		List<Lease> leases = startAndClaimFifty();
		leases.forEach((lease) -> record(lease, "step"));
		assertThat(statements(() -> assertThat(this.steps.histories(leases)).hasSize(50))).hasSize(1);
	}

	@Test
	void finishingFiftyIsOneStatement() {
		List<RunEnd> ends = startAndClaimFifty().stream()
			.map((lease) -> new RunEnd(lease, RunRecord.SUCCESS, "1", null))
			.toList();
		assertThat(statements(() -> assertThat(this.steps.finish(ends)).hasSize(50))).hasSize(1);
	}

	@Test
	void claimingARunIsOneStatement() {
		long id = start();
		assertThat(statements(() -> claimRun(id))).hasSize(1);
	}

	@Test
	void whatIsReadIsOneStatement() {
		long id = start(newRun("key"));
		finish(claimRun(id));
		assertThat(statements(() -> run(id))).hasSize(1);
		assertThat(statements(() -> this.runs.find(this.queue, "key"))).hasSize(1);
		assertThat(statements(() -> this.runs.steps(id))).hasSize(1);
		assertThat(statements(() -> assertThat(this.runs.ended(List.of(id, 1L, 2L))).hasSize(1))).hasSize(1);
		assertThat(statements(() -> this.runs
			.list(new RunFilter(this.queue, Set.of(RunRecord.QUEUED, RunRecord.SUCCESS), null, null, null, 9))))
			.hasSize(1);
	}

	private List<Lease> startAndClaimFifty() {
		List<Lease> leases = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			leases.add(new Lease(start(newLeasedRun()), 1));
		}
		return leases;
	}

	private List<String> statements(Runnable work) {
		this.log.clear();
		work.run();
		return this.log.statements();
	}

}
