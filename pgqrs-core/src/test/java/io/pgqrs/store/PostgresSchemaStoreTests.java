package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresSchemaStoreTests extends SchemaStoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
