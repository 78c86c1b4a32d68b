package io.pgqrs.schema;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import io.pgqrs.store.SchemaStatus;
import io.pgqrs.store.SchemaStatus.State;
import io.pgqrs.store.SchemaStore;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Installs the tables by a Flyway of our own, with a history table of our own: neither
 * touches the application's. The Flyway is made for each use, as it is used once.
 *
 * @since 0.1
 */
public final class FlywaySchema implements SchemaStore {

	private static final String HISTORY = "pgqrs_schema_history";

	private static final String LOCATION = "classpath:io/pgqrs/schema/";

	/**
	 * On SQLite nothing keeps two processes apart, and the loser of the race tries again.
	 */
	private static final int SQLITE_ATTEMPTS = 10;

	private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final DataSource dataSource;

	private final String vendor;

	private final String schemaName;

	private final int attempts;

	private FlywaySchema(DataSource dataSource, String vendor, String schemaName, int attempts) {
		this.dataSource = dataSource;
		this.vendor = vendor;
		this.schemaName = schemaName;
		this.attempts = attempts;
	}

	/**
	 * The tables in a schema of PostgreSQL, which is created if need be.
	 * @param dataSource best without a pool: Flyway needs two connections at once
	 * @param schemaName the schema
	 * @return the schema store
	 */
	public static FlywaySchema postgresql(DataSource dataSource, String schemaName) {
		return new FlywaySchema(new SearchPathKeeper(dataSource), "postgresql", schemaName, 1);
	}

	/**
	 * The tables in a file of SQLite, beside those of the application.
	 * @param dataSource the file
	 * @return the schema store
	 */
	public static FlywaySchema sqlite(DataSource dataSource) {
		return new FlywaySchema(dataSource, "sqlite", "", SQLITE_ATTEMPTS);
	}

	@Override
	public void migrate() {
		for (int attempt = 1;; attempt++) {
			try {
				flyway().migrate();
				return;
			}
			catch (RuntimeException ex) {
				if (attempt == this.attempts || status().state() == State.DIFFERENT) {
					throw ex;
				}
				LockSupport.parkNanos(PAUSE_NANOS);
			}
		}
	}

	@Override
	public SchemaStatus status() {
		MigrationInfoService info = flyway().info();
		MigrationInfo current = info.current();
		MigrationVersion newest = newestKnown(info);
		if (current == null || current.getVersion() == null || current.getState().isFailed()) {
			return new SchemaStatus(State.MISSING, null, "no table " + HISTORY
					+ (this.schemaName.isEmpty() ? "" : " in the schema '" + this.schemaName + "'"));
		}
		String version = current.getVersion().toString();
		if (current.getVersion().isNewerThan(newest)) {
			return new SchemaStatus(State.NEWER, version,
					"installed is version " + version + ", this library knows " + newest);
		}
		if (info.pending().length > 0) {
			return new SchemaStatus(State.OLDER, version,
					"installed is version " + version + ", this library needs " + newest);
		}
		String invalid = String.join("; ", validationErrors());
		return invalid.isEmpty() ? new SchemaStatus(State.CURRENT, version, "")
				: new SchemaStatus(State.DIFFERENT, version, invalid);
	}

	@Override
	public @Nullable String installedVersion() {
		String table = (this.schemaName.isEmpty() ? "" : "\"" + this.schemaName + "\".") + HISTORY;
		try {
			return JdbcClient.create(this.dataSource)
				// A few rows: no index needed.
				.sql("""
						SELECT version FROM %s
						WHERE success AND version IS NOT NULL
						ORDER BY installed_rank DESC
						LIMIT 1
						""".formatted(table))
				.query(String.class)
				.optional()
				.orElse(null);
		}
		catch (DataAccessException ex) {
			return null;
		}
	}

	private static MigrationVersion newestKnown(MigrationInfoService info) {
		return Arrays.stream(info.all())
			.filter((migration) -> migration.getState().isResolved())
			.map(MigrationInfo::getVersion)
			// The schema's own creation is a migration without a version.
			.filter(Objects::nonNull)
			.max(MigrationVersion::compareTo)
			.orElseThrow();
	}

	private Iterable<String> validationErrors() {
		return flyway().validateWithResult().invalidMigrations.stream()
			.map((migration) -> migration.version + ": " + migration.errorDetails.errorMessage)
			.toList();
	}

	private Flyway flyway() {
		FluentConfiguration configuration = Flyway.configure(getClass().getClassLoader())
			.dataSource(this.dataSource)
			.locations(LOCATION + this.vendor)
			.table(HISTORY)
			// The application's tables may be there; below our first version.
			.baselineOnMigrate(true)
			.baselineVersion("0")
			// Not the callbacks of the application on the class path.
			.skipDefaultCallbacks(true);
		if (!this.schemaName.isEmpty()) {
			configuration.schemas(this.schemaName)
				.defaultSchema(this.schemaName)
				.placeholders(Map.of("schema", this.schemaName));
		}
		return configuration.load();
	}

}
