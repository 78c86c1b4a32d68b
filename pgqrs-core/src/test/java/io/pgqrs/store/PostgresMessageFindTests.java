package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresMessageFindTests extends MessageFindContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres();
	}

}
