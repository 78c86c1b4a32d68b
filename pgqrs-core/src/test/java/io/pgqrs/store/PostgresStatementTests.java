package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class PostgresStatementTests extends StatementContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.postgres(this.log::wrap);
	}

}
