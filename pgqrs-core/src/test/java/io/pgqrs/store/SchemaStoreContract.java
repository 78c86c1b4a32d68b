package io.pgqrs.store;

import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How the version of the tables is found out. */
abstract class SchemaStoreContract extends StoreContract {

	@Test
	void theInstalledVersionIsThatOfTheComparison() {
		assertThat(this.store.schema().installedVersion()).isNotNull()
			.isEqualTo(this.store.schema().status().version());
	}

	@Test
	void aMigrationThatFailedInstalledNothing() {
		String version = this.store.schema().installedVersion();
		addMigration("98", true);
		addMigration("99", false);
		try {
			assertThat(this.store.schema().installedVersion()).isEqualTo("98").isNotEqualTo(version);
		}
		finally {
			this.database.sql("DELETE FROM pgqrs_schema_history WHERE version IN ('98', '99')").update();
		}
	}

	private void addMigration(String version, boolean success) {
		this.database.sql("""
				INSERT INTO pgqrs_schema_history
					(installed_rank, version, description, type, script, installed_by, execution_time, success)
				VALUES (:rank, :version, 'later', 'SQL', 'later.sql', 'test', 1, :success)
				""")
			.param("rank", Integer.valueOf(version))
			.param("version", version)
			.param("success", success)
			.update();
	}

	@Test
	void whereNothingIsRecordedThereIsNoVersion() {
		try (TestDatabase other = open()) {
			other.sql("DROP TABLE pgqrs_schema_history").update();
			assertThat(other.store().schema().installedVersion()).isNull();
		}
	}

}
