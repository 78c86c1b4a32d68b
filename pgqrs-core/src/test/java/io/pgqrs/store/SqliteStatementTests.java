package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteStatementTests extends StatementContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite(this.log::wrap);
	}

}
