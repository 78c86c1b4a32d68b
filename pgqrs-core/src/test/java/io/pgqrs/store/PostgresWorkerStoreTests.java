package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresWorkerStoreTests extends WorkerStoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
