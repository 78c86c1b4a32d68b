package io.pgqrs.store.sqlite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SqliteProcessTests {

	@TempDir
	Path directory;

	@Test
	void anotherProcessThatWritesIsWaitedFor() throws Exception {
		Path file = this.directory.resolve("app.db");
		try (HikariDataSource pool = SqliteFiles.hikari(file, 2)) {
			HikariDataSource dataSource = SqliteFiles.prepared(pool, SqliteOptions.defaults());
			insert(dataSource, "CREATE TABLE t (a)");
			Process process = startHolder(file);
			try {
				CompletableFuture<Void> transaction = CompletableFuture.runAsync(() -> insertInTransaction(dataSource));
				CompletableFuture<Void> update = CompletableFuture
					.runAsync(() -> insert(dataSource, "INSERT INTO t VALUES (1)"));
				await().during(Duration.ofSeconds(2)).until(() -> !transaction.isDone() && !update.isDone());
				process.getOutputStream().close();
				CompletableFuture.allOf(transaction, update).get(10, TimeUnit.SECONDS);
				assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
				assertThat(process.exitValue()).isZero();
			}
			finally {
				process.destroyForcibly();
			}
			try (Connection connection = dataSource.getConnection()) {
				assertThat(SqliteFiles.number(connection, "SELECT count(*) FROM t")).isEqualTo(3);
			}
		}
	}

	private static Process startHolder(Path file) throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Holder.class.getName(), file.toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		BufferedReader output = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
		assertThat(output.readLine()).isEqualTo("locked");
		return process;
	}

	private static void insertInTransaction(HikariDataSource dataSource) {
		try (Connection connection = dataSource.getConnection()) {
			connection.setAutoCommit(false);
			SqliteFiles.number(connection, "SELECT count(*) FROM t");
			SqliteFiles.update(connection, "INSERT INTO t VALUES (2)");
			connection.commit();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void insert(HikariDataSource dataSource, String sql) {
		try (Connection connection = dataSource.getConnection()) {
			SqliteFiles.update(connection, sql);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Holds the write lock of a file until its input ends. */
	static final class Holder {

		private Holder() {
		}

		public static void main(String[] args) throws Exception {
			try (Connection connection = SqliteFiles.raw(Path.of(args[0]))) {
				SqliteFiles.execute(connection, "BEGIN IMMEDIATE");
				SqliteFiles.execute(connection, "INSERT INTO t VALUES (0)");
				System.out.println("locked");
				System.in.readAllBytes();
				SqliteFiles.execute(connection, "COMMIT");
			}
		}

	}

}
