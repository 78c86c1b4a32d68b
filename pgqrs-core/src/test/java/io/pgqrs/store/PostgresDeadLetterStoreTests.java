package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresDeadLetterStoreTests extends DeadLetterStoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
