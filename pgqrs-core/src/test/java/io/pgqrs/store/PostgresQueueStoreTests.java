package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresQueueStoreTests extends QueueStoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
