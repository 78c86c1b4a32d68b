package com.example.shop;

import java.nio.file.Path;

import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import org.junit.jupiter.api.io.TempDir;

class SqliteShopTests extends ShopContract {

	@TempDir
	private Path directory;

	@Override
	ApplicationDatabase newDatabase() {
		return ApplicationDatabase.sqlite(this.directory);
	}

}
