package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresClaimTests extends ClaimContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
