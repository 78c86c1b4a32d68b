package io.pgqrs.workflow;

import io.pgqrs.test.RequiresPgBouncer;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Nested;

/** What is promised on PostgreSQL holds behind a PgBouncer that pools transactions. */
@RequiresPgBouncer
class PgBouncerWorkflowTests {

	@Nested
	class Workflows extends WorkflowContract {

		@Override
		TestDatabase createDatabase() {
			return TestDatabase.pgBouncer();
		}

	}

	@Nested
	class Steps extends StepContract {

		@Override
		TestDatabase createDatabase() {
			return TestDatabase.pgBouncer();
		}

	}

	@Nested
	class Waiting extends WaitingContract {

		@Override
		TestDatabase createDatabase() {
			return TestDatabase.pgBouncer();
		}

	}

}
