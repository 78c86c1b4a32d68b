package io.pgqrs.listener;

import io.pgqrs.test.TestDatabase;

class SqliteListenerContainerTests extends ListenerContainerContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.sqlite();
	}

}
