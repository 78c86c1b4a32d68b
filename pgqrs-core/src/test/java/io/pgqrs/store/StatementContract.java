package io.pgqrs.store;

import java.util.List;
import java.util.stream.IntStream;

import io.pgqrs.test.StatementLog;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How many statements reach the driver. */
abstract class StatementContract extends StoreContract {

	protected final StatementLog log = new StatementLog();

	@Test
	void anEnqueueIsOneStatement() {
		assertThat(statements(this::enqueue)).hasSize(1);
		assertThat(statements(() -> enqueueOnce("key"))).hasSize(1);
		assertThat(statements(() -> enqueueOnce("key"))).hasSize(1);
	}

	@Test
	void anEnqueueOfAThousandIsOneStatement() {
		assertThat(statements(() -> enqueue(1_000))).hasSize(1);
	}

	@Test
	void aClaimOfFiftyIsOneStatement() {
		enqueue(1_000);
		assertThat(statements(() -> assertThat(claimIds(50)).hasSize(50))).hasSize(1);
		Claimer claimer = claimer();
		for (int i = 0; i < 5; i++) {
			assertThat(statements(
					() -> assertThat(claimer.claim(new Claim(50, WORKER, null, null)).messages()).hasSize(50)))
				.hasSize(1);
		}
	}

	@Test
	void aClaimOfAnIdleConsumerIsOneStatement() {
		enqueue();
		Claim claim = new Claim(50, WORKER, null, null);
		Claimer claimer = claimer();
		assertThat(claimer.claim(claim).size()).isEqualTo(1);
		for (int i = 0; i < 5; i++) {
			assertThat(claimer.claim(claim).size()).isZero();
		}
		assertThat(statements(() -> claimer.claim(claim))).hasSize(1);
	}

	@Test
	void completingFiftyIsOneStatement() {
		enqueue(100);
		List<Lease> deleted = leases(claim(50));
		assertThat(statements(() -> this.store.messages().complete(deleted, false))).hasSize(1);
		List<Lease> archived = leases(claim(50));
		assertThat(statements(() -> this.store.messages().complete(archived, true))).hasSize(1);
		assertThat(rows("pgqrs_archive")).isEqualTo(50);
	}

	@Test
	void whateverElseEndsLeasesIsOneStatement() {
		enqueue(150);
		List<Lease> leases = leases(claim(150));
		assertThat(statements(() -> this.store.messages().extend(leases.subList(0, 50), LEASE))).hasSize(1);
		assertThat(statements(() -> this.store.messages()
			.release(leases.subList(0, 50)
				.stream()
				.map((lease) -> new MessageStore.Release(lease, LEASE, false))
				.toList())))
			.hasSize(1);
		assertThat(statements(() -> this.store.messages()
			.deadLetter(
					leases.subList(50, 100).stream().map((lease) -> new MessageStore.Death(lease, ERROR)).toList())))
			.hasSize(1);
	}

	@Test
	void theStatementsOfAClaimAreConstant() {
		enqueue(10);
		List<String> first = statements(() -> claimer().claim(new Claim(3, WORKER, null, null)));
		assertThat(statements(() -> claimer().claim(new Claim(3, WORKER, LEASE, 9)))).isEqualTo(first);
	}

	@Test
	void claimsOfManySizesNeedFewStatements() {
		Claimer claimer = claimer();
		assertThat(statements(() -> IntStream.rangeClosed(1, 1_000)
			.forEach((limit) -> claimer.claim(new Claim(limit, WORKER, null, null)))).stream().distinct())
			.hasSizeLessThan(50);
	}

	protected List<String> statements(Runnable work) {
		this.log.clear();
		work.run();
		return this.log.statements();
	}

}
