package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresEnqueueTests extends EnqueueContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
