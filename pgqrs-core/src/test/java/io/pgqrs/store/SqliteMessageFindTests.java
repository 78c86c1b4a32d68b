package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteMessageFindTests extends MessageFindContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
