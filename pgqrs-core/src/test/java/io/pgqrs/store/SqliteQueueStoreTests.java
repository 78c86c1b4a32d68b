package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteQueueStoreTests extends QueueStoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
