package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteDeadLetterStoreTests extends DeadLetterStoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
