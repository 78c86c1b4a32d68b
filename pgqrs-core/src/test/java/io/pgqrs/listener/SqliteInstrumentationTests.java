package io.pgqrs.listener;

import io.pgqrs.test.TestDatabase;

class SqliteInstrumentationTests extends InstrumentationContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.sqlite();
	}

}
