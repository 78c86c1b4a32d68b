package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;

class SqliteMaintenanceStoreTests extends MaintenanceStoreContract {

	@Override
	protected TestDatabase open() {
		return TestDatabase.sqlite();
	}

}
