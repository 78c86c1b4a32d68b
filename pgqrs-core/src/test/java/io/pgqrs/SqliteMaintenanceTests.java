package io.pgqrs;

import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.pgqrs.test.TestDatabase;

class SqliteMaintenanceTests extends MaintenanceContract {

	@Override
	protected TestDatabase open(UnaryOperator<DataSource> decorator) {
		return TestDatabase.sqlite(decorator);
	}

}
