package io.pgqrs.workflow;

import io.pgqrs.test.TestDatabase;

class SqliteWaitingTests extends WaitingContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.sqlite();
	}

}
