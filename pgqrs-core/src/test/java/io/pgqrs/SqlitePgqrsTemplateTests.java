package io.pgqrs;

import io.pgqrs.test.TestDatabase;

class SqlitePgqrsTemplateTests extends PgqrsTemplateContract {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.sqlite();
	}

}
