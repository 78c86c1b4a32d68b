package io.pgqrs.listener;

import io.pgqrs.test.TestDatabase;

class PostgresAccountingListenerTests extends AccountingListenerContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
