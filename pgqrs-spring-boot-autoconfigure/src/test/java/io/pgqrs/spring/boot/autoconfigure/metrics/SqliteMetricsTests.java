package io.pgqrs.spring.boot.autoconfigure.metrics;

import java.nio.file.Path;

import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import org.junit.jupiter.api.io.TempDir;

class SqliteMetricsTests extends MetricsContract {

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

}
