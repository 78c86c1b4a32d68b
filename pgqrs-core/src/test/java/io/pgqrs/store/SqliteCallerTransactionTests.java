package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteCallerTransactionTests extends CallerTransactionContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
