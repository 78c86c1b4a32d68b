package io.pgqrs.spring.boot.autoconfigure;

class PostgresApplicationDatabaseTests extends ApplicationDatabaseContract {

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.postgres();
	}

	@Override
	String schema() {
		return "pgqrs.";
	}

	@Override
	String applicationTables() {
		return """
				SELECT table_name FROM information_schema.tables
				WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'pgqrs')""";
	}

}
