package io.pgqrs.store;

import io.pgqrs.test.RequiresPgBouncer;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Nested;

/** What is promised on PostgreSQL holds behind a PgBouncer that pools transactions. */
@RequiresPgBouncer
class PgBouncerStoreTests {

	@Nested
	class Enqueues extends EnqueueContract {

		@Override
		protected TestDatabase open() {
			return TestDatabase.pgBouncer();
		}

	}

	@Nested
	class Claiming extends ClaimContract {

		@Override
		protected TestDatabase open() {
			return TestDatabase.pgBouncer();
		}

	}

	@Nested
	class Leasing extends LeaseContract {

		@Override
		protected TestDatabase open() {
			return TestDatabase.pgBouncer();
		}

	}

	@Nested
	class DeadLetters extends DeadLetterStoreContract {

		@Override
		protected TestDatabase open() {
			return TestDatabase.pgBouncer();
		}

	}

	@Nested
	class Workers extends WorkerStoreContract {

		@Override
		protected TestDatabase open() {
			return TestDatabase.pgBouncer();
		}

	}

	@Nested
	class Runs extends WorkflowRunContract {

		@Override
		protected TestDatabase open() {
			return TestDatabase.pgBouncer();
		}

	}

	@Nested
	class Steps extends WorkflowStepContract {

		@Override
		protected TestDatabase open() {
			return TestDatabase.pgBouncer();
		}

	}

	@Nested
	class CallerTransactions extends CallerTransactionContract {

		@Override
		protected TestDatabase open() {
			return TestDatabase.pgBouncer();
		}

	}

}
