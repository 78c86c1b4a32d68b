package io.pgqrs.spring.boot.autoconfigure;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

class SqliteWorkflowApplicationTests extends WorkflowApplicationContract {

	@TempDir
	private Path directory;

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.sqlite(this.directory);
	}

}
