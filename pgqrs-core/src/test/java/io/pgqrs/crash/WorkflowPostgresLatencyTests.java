package io.pgqrs.crash;

import java.time.Duration;
import java.util.function.UnaryOperator;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WorkflowPostgresLatencyTests extends WorkflowLatencyContract {

	@Override
	WorkflowDatabase createDatabase() {
		return WorkflowDatabase.postgres();
	}

	@Test
	void aResultOfAnotherProcessArrivesSoon() {
		this.node.listen();
		try (WorkflowNode other = new WorkflowNode(this.database.newStore(UnaryOperator.identity()), OPTIONS)) {
			other.listen();
			other.register(workflow());
			other.start();
			// Listens as soon as somebody waits for the first time.
			Awaitility.await().until(() -> other.isListening());
			assertThat(median("another process")).isLessThan(Duration.ofMillis(100));
		}
	}

}
