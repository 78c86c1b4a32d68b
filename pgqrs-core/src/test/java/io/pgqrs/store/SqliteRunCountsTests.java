package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteRunCountsTests extends RunCountsContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
