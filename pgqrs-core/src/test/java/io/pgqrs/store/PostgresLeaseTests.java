package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresLeaseTests extends LeaseContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
