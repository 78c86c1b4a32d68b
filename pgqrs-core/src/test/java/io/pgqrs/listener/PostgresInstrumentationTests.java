package io.pgqrs.listener;

import io.pgqrs.test.TestDatabase;

class PostgresInstrumentationTests extends InstrumentationContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
