package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteClaimTests extends ClaimContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
