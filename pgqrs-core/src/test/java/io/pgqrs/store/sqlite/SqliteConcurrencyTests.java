package io.pgqrs.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.JDBC;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class SqliteConcurrencyTests {

	private static final int THREADS = 32;

	private static final Duration RUN = Duration.ofSeconds(3);

	@TempDir
	Path directory;

	@ParameterizedTest
	@CsvSource({ "10, true", "40, true", "10, false", "40, false" })
	void manyThreadsWriteOneFileAndNoneFailsOrStarves(int poolSize, boolean autoCommit) throws Exception {
		HikariConfig config = SqliteFiles.config(file(), poolSize);
		config.setAutoCommit(autoCommit);
		try (HikariDataSource pool = new HikariDataSource(config)) {
			writeInManyWays(SqliteFiles.prepared(pool, SqliteOptions.defaults()), autoCommit);
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
		}
	}

	@Test
	void connectionsThatAreOpenedForEachTransactionDoAsWell() throws Exception {
		writeInManyWays(SqliteDataSources.prepare(new SimpleDriverDataSource(new JDBC(), SqliteFiles.url(file())),
				SqliteOptions.defaults()), true);
	}

	@Test
	void twoDataSourcesOfOneFileTakeTurns() throws Exception {
		// Not zero: a reader that meets a half-written index of the log takes SQLite's
		// write lock for a moment.
		Duration moment = Duration.ofMillis(200);
		DataSource other = SqliteDataSources.prepare(
				new SimpleDriverDataSource(new JDBC(), "jdbc:sqlite:file:" + file()),
				SqliteOptions.defaults().withBusyTimeout(moment));
		try (HikariDataSource pool = SqliteFiles.hikari(file(), 4)) {
			DataSource one = SqliteFiles.prepared(pool, SqliteOptions.defaults().withBusyTimeout(moment));
			createCounter(one);
			List<Callable<Long>> tasks = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				tasks.add(repeated(transaction((i % 2 == 0) ? one : other)));
			}
			long written = run(tasks).sum();
			assertThat(counter(one)).isEqualTo(written);
		}
	}

	@Test
	void transactionsThatCrossTwoDataSourcesFailAtOnceAndNeverWaitForEachOther() throws Exception {
		DataSource one = SqliteDataSources.prepare(new SimpleDriverDataSource(new JDBC(), SqliteFiles.url(file())),
				SqliteOptions.defaults());
		DataSource other = SqliteDataSources
			.prepare(new SimpleDriverDataSource(new JDBC(), "jdbc:sqlite:file:" + file()), SqliteOptions.defaults());
		createCounter(one);
		long start = System.nanoTime();
		long written = run(List.of(crossing(one, other), crossing(other, one), repeated(transaction(one)))).sum();
		// No wait ran into a timeout: of SQLite 5 s, of the lock 30 s.
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(RUN.plusSeconds(2));
		assertThat(counter(one)).isEqualTo(written);
	}

	private static Callable<Long> crossing(DataSource outer, DataSource inner) {
		JdbcClient jdbc = JdbcClient.create(outer);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(outer));
		Runnable innerWrite = transaction(inner);
		return repeated(() -> transaction.executeWithoutResult((status) -> {
			jdbc.sql("UPDATE counter SET n = n + 1").update();
			assertThatException().isThrownBy(innerWrite::run).withStackTraceContaining("second connection");
		}));
	}

	private void writeInManyWays(DataSource dataSource, boolean autoCommit) throws Exception {
		createCounter(dataSource);
		List<Callable<Long>> tasks = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			tasks.add(repeated(switch (i % 4) {
				case 0, 1 -> transaction(dataSource);
				case 2 -> update(dataSource, autoCommit);
				default -> reading(dataSource);
			}));
		}
		long[] done = run(tasks).toArray();
		long written = 0;
		for (int i = 0; i < THREADS; i++) {
			written += (i % 4 == 3) ? 0 : done[i];
		}
		assertThat(counter(dataSource)).as("written").isEqualTo(written);
		assertThatNoneStarved(done, 0, 1);
		assertThatNoneStarved(done, 2, 2);
		assertThatNoneStarved(done, 3, 3);
		assertThat(WriterLock.of(file()).isHeld()).isFalse();
	}

	// Threads that do the same get a similar share.
	private static void assertThatNoneStarved(long[] done, int from, int to) {
		long[] same = LongStream.range(0, done.length)
			.filter((i) -> i % 4 >= from && i % 4 <= to)
			.map((i) -> done[(int) i])
			.toArray();
		double average = LongStream.of(same).average().orElseThrow();
		assertThat(LongStream.of(same).min().orElseThrow()).as("least of %s", (Object) same)
			.isGreaterThan((long) (average / 4));
	}

	private static Runnable transaction(DataSource dataSource) {
		JdbcClient jdbc = JdbcClient.create(dataSource);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		return () -> transaction.executeWithoutResult((status) -> {
			long before = jdbc.sql("SELECT n FROM counter").query(Long.class).single();
			jdbc.sql("UPDATE counter SET n = ?").param(before + 1).update();
		});
	}

	private static Runnable update(DataSource dataSource, boolean autoCommit) {
		if (autoCommit) {
			JdbcClient jdbc = JdbcClient.create(dataSource);
			return () -> jdbc.sql("UPDATE counter SET n = n + 1 RETURNING n").query(Long.class).single();
		}
		return () -> {
			try (Connection connection = dataSource.getConnection()) {
				SqliteFiles.update(connection, "UPDATE counter SET n = n + 1");
				connection.commit();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		};
	}

	private static Runnable reading(DataSource dataSource) {
		JdbcClient jdbc = JdbcClient.create(dataSource);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		transaction.setReadOnly(true);
		return () -> transaction.executeWithoutResult((status) -> {
			long before = jdbc.sql("SELECT n FROM counter").query(Long.class).single();
			long after = jdbc.sql("SELECT n FROM counter").query(Long.class).single();
			assertThat(after).isEqualTo(before);
		});
	}

	private static Callable<Long> repeated(Runnable work) {
		return () -> {
			long count = 0;
			long end = System.nanoTime() + RUN.toNanos();
			while (System.nanoTime() - end < 0) {
				work.run();
				count++;
			}
			return count;
		};
	}

	private static LongStream run(List<Callable<Long>> tasks) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
		CyclicBarrier start = new CyclicBarrier(tasks.size());
		try {
			List<Future<Long>> results = new ArrayList<>();
			for (Callable<Long> task : tasks) {
				results.add(threads.submit(() -> {
					start.await();
					return task.call();
				}));
			}
			LongStream.Builder counts = LongStream.builder();
			for (Future<Long> result : results) {
				counts.add(result.get(60, TimeUnit.SECONDS));
			}
			return counts.build();
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static void createCounter(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			SqliteFiles.update(connection, "CREATE TABLE counter (n INTEGER)");
			SqliteFiles.update(connection, "INSERT INTO counter VALUES (0)");
			if (!connection.getAutoCommit()) {
				connection.commit();
			}
		}
	}

	private static long counter(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			return SqliteFiles.number(connection, "SELECT n FROM counter");
		}
	}

	private Path file() {
		return this.directory.resolve("app.db");
	}

}
