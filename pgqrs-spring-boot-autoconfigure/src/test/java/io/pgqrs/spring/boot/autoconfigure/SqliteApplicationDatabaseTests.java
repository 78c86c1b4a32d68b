package io.pgqrs.spring.boot.autoconfigure;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

class SqliteApplicationDatabaseTests extends ApplicationDatabaseContract {

	@TempDir
	private Path directory;

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.sqlite(this.directory);
	}

	@Override
	String schema() {
		return "";
	}

	@Override
	String applicationTables() {
		return """
				SELECT name FROM sqlite_master
				WHERE type = 'table' AND name NOT LIKE 'pgqrs%' AND name NOT LIKE 'sqlite_%'""";
	}

}
