package io.pgqrs.benchmarks.contender;

import java.time.Duration;

import io.pgqrs.benchmarks.database.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** A contender does the work that it is measured by. */
@Timeout(60)
abstract class WorkflowContract {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	abstract Database database();

	abstract WorkflowContender contender();

	/** The table with a row for each step. */
	abstract String steps();

	/** The table with a row for each run, ended or not. */
	abstract String runs();

	@Test
	void aRunThatItsCallerExecutesHasEndedAndRecordedItsSteps() throws Exception {
		try (Workflows workflows = openFresh()) {
			workflows.run(3);
			workflows.run(0);
			assertThat(workflows.ended()).isEqualTo(2);
			assertThat(count(steps())).isEqualTo(3);
		}
	}

	@Test
	void runsWaitUntilTheyAreConsumed() throws Exception {
		try (Workflows workflows = openFresh()) {
			workflows.startAll(20, 3);
			assertThat(count(runs())).isEqualTo(20);
			assertThat(workflows.ended()).isZero();
			assertThat(count(steps())).isZero();
			workflows.consume();
			awaitEnded(workflows, 20);
			assertThat(count(steps())).isEqualTo(60);
		}
	}

	@Test
	void runsThatStartWhileOthersAreConsumedEndToo() throws Exception {
		try (Workflows workflows = openFresh()) {
			workflows.consume();
			workflows.startAll(5, 1);
			workflows.run(1);
			awaitEnded(workflows, 6);
		}
	}

	@Test
	void tablesAreFreshEachTime() throws Exception {
		try (Workflows workflows = openFresh()) {
			workflows.run(1);
		}
		try (Workflows workflows = openFresh()) {
			assertThat(workflows.ended()).isZero();
		}
	}

	private long count(String table) {
		return JdbcClient.create(database().direct()).sql("SELECT count(*) FROM " + table).query(Long.class).single();
	}

	private Workflows openFresh() throws Exception {
		database().clean();
		return contender().open(database(), 4, 5);
	}

	private static void awaitEnded(Workflows workflows, long runs) throws Exception {
		long begin = System.nanoTime();
		while (workflows.ended() < runs) {
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE);
		}
		assertThat(workflows.ended()).isEqualTo(runs);
	}

}
