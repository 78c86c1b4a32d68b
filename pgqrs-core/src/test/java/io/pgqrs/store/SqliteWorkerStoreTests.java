package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteWorkerStoreTests extends WorkerStoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
