package io.pgqrs.store;

import java.util.Map;

import io.pgqrs.support.PayloadJson;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PostgresWorkflowRunTests extends WorkflowRunContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

	/** As one that was started before the third migration, or by a process from then. */
	@Test
	void theMessageOfARetriedRunWithATimeoutNamesItAlthoughTheRunHasNoHeaders() {
		long id = start(new NewRun(this.queue, this.queue, null, null, 0, null, null, TIMEOUT, null));
		long endless = start();
		assertThat(this.database.sql("UPDATE pgqrs_workflow_runs SET headers = NULL WHERE workflow = :workflow")
			.param("workflow", this.queue)
			.update()).isEqualTo(2);
		leases(claim(2)).forEach((lease) -> fail(lease, "{}"));
		assertThat(this.runs.retry(id, this.queue)).isTrue();
		assertThat(PayloadJson.readHeaders(claimOne().headers()))
			.isEqualTo(Map.of(NewRun.TIMEOUT_HEADER, String.valueOf(TIMEOUT.toMillis())));
		assertThat(this.runs.retry(endless, this.queue)).isTrue();
		assertThat(claimOne().headers()).isNull();
	}

}
