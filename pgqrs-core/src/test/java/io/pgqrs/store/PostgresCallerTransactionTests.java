package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresCallerTransactionTests extends CallerTransactionContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
