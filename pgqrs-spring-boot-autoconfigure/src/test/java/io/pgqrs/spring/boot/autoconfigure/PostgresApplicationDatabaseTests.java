package io.pgqrs.spring.boot.autoconfigure;

import org.junit.jupiter.api.Test;

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

	@Test
	void ourTablesMayStandInTheSchemaOfTheApplications() {
		Applications.withFlyway(application()).withPropertyValues("pgqrs.schema.name=public").run((context) -> {
			assertApplicationTableIsThere(context);
			assertQueueWorks(context);
		});
		Applications.withFlyway(application())
			.withPropertyValues("pgqrs.schema.name=public")
			.run(this::assertQueueWorks);
	}

}
