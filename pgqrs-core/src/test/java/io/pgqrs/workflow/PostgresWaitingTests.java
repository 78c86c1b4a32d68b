package io.pgqrs.workflow;

import io.pgqrs.test.TestDatabase;

class PostgresWaitingTests extends WaitingContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
