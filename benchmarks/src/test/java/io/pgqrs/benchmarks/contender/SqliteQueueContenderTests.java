package io.pgqrs.benchmarks.contender;

import java.nio.file.Path;

import io.pgqrs.benchmarks.database.Database;
import io.pgqrs.benchmarks.database.SqliteDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class SqliteQueueContenderTests extends QueueContenderContract {

	private static SqliteDatabase database;

	@BeforeAll
	static void open(@TempDir Path directory) {
		database = new SqliteDatabase(directory);
	}

	@AfterAll
	static void close() {
		database.close();
	}

	@Override
	Database database() {
		return database;
	}

}
