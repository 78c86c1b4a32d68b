package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteLeaseTests extends LeaseContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
