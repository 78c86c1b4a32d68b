package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.nio.file.Path;

import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import org.junit.jupiter.api.io.TempDir;

class SqlitePgqrsEndpointTests extends PgqrsEndpointContract {

	@TempDir
	private static Path directory;

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.sqlite(directory);
	}

	@Override
	String product() {
		return "SQLite";
	}

}
