package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresRunCountsTests extends RunCountsContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
