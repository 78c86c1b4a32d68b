package io.pgqrs.benchmarks.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/** A SQLite file in a directory of its own, a new one each time it is cleaned. */
public final class SqliteDatabase implements Database {

	private static final String NAME = "SQLite";

	private final Path directory;

	private int files;

	/**
	 * Makes the directory.
	 * @param parent where, on a local disk
	 */
	public SqliteDatabase(Path parent) {
		try {
			this.directory = Files.createTempDirectory(Files.createDirectories(parent), "pgqrs-benchmarks-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public boolean isPostgres() {
		return false;
	}

	@Override
	public Map<String, String> description() {
		String version = JdbcClient.create(direct()).sql("SELECT sqlite_version()").query(String.class).single();
		return Map.of("version", version, "journal_mode", "wal", "synchronous", "normal");
	}

	private String url() {
		return "jdbc:sqlite:" + this.directory.resolve("queue-" + this.files + ".db");
	}

	@Override
	public HikariDataSource pool(int size) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url());
		config.setMaximumPoolSize(size);
		// Pgqrs sets these by itself; a plain loop of JDBC does not.
		SQLiteConfig sqlite = new SQLiteConfig();
		sqlite.setJournalMode(JournalMode.WAL);
		sqlite.setSynchronous(SynchronousMode.NORMAL);
		sqlite.setBusyTimeout(5_000);
		sqlite.setTransactionMode(TransactionMode.IMMEDIATE);
		sqlite.setGetGeneratedKeys(false);
		config.setDataSourceProperties(sqlite.toProperties());
		return new HikariDataSource(config);
	}

	@Override
	public DataSource direct() {
		SQLiteDataSource dataSource = new SQLiteDataSource();
		dataSource.setUrl(url());
		return dataSource;
	}

	@Override
	public void clean() {
		try (var left = Files.list(this.directory)) {
			for (Path file : left.toList()) {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.files++;
	}

	@Override
	public void settle() {
		JdbcClient jdbc = JdbcClient.create(direct());
		jdbc.sql("ANALYZE").update();
		jdbc.sql("PRAGMA wal_checkpoint(TRUNCATE)").query().listOfRows();
	}

	@Override
	public boolean countsCosts() {
		return false;
	}

	@Override
	public Costs costs() {
		return new Costs(0, 0, 0);
	}

	@Override
	public void close() {
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
