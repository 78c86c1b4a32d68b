package io.pgqrs.listener;

import io.pgqrs.test.TestDatabase;

class PostgresListenerContainerTests extends ListenerContainerContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
