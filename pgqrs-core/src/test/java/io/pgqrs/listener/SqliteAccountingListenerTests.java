package io.pgqrs.listener;

import io.pgqrs.test.TestDatabase;

class SqliteAccountingListenerTests extends AccountingListenerContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.sqlite();
	}

}
