package io.pgqrs;

import io.pgqrs.test.TestDatabase;

class PostgresPgqrsTemplateTests extends PgqrsTemplateContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
