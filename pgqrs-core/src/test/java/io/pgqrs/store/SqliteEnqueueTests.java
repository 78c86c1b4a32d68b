package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteEnqueueTests extends EnqueueContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
