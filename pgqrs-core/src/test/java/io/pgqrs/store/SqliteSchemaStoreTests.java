package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteSchemaStoreTests extends SchemaStoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
