package io.pgqrs.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SqliteDataSourcesTests {

	@TempDir
	Path directory;

	@Test
	void aHikariDataSourceStaysOne() throws Exception {
		try (HikariDataSource pool = SqliteFiles.hikari(file(), 2)) {
			DataSource prepared = SqliteDataSources.prepare(pool, SqliteOptions.defaults());
			assertThat(prepared).isInstanceOf(HikariDataSource.class);
			assertThat(AopProxyUtils.getSingletonTarget(prepared)).isSameAs(pool);
			HikariDataSource preparedPool = (HikariDataSource) prepared;
			try (Connection connection = prepared.getConnection()) {
				assertThat(preparedPool.getHikariPoolMXBean().getActiveConnections()).isOne();
				assertThat(connection.isValid(1)).isTrue();
			}
			assertThat(preparedPool.getHikariPoolMXBean().getActiveConnections()).isZero();
			assertThat(preparedPool.getMaximumPoolSize()).isEqualTo(2);
			preparedPool.close();
			assertThat(pool.isClosed()).isTrue();
		}
	}

	@Test
	void preparingTwiceChangesNothing() throws Exception {
		DataSource plain = simple(file());
		DataSource prepared = SqliteDataSources.prepare(plain, SqliteOptions.defaults());
		assertThat(SqliteDataSources.isPrepared(plain)).isFalse();
		assertThat(SqliteDataSources.isPrepared(prepared)).isTrue();
		assertThat(SqliteDataSources.prepare(prepared, SqliteOptions.defaults())).isSameAs(prepared);
		DataSource proxy = new TransactionAwareDataSourceProxy(prepared);
		assertThat(SqliteDataSources.prepare(proxy, SqliteOptions.defaults())).isSameAs(proxy);
		DataSource finalOne = SqliteDataSources.prepare(new FinalDataSource(file()), SqliteOptions.defaults());
		assertThat(SqliteDataSources.isPrepared(finalOne)).isTrue();
		assertThat(SqliteDataSources.prepare(finalOne, SqliteOptions.defaults())).isSameAs(finalOne);
	}

	@Test
	void aConnectionThatPassesTwoPreparedDataSourcesTakesTheLockOnce() throws Exception {
		DataSource inner = SqliteDataSources.prepare(simple(file()), SqliteOptions.defaults());
		DataSource outer = SqliteDataSources.prepare(new FinalDataSource(inner), SqliteFiles.IMPATIENT);
		try (Connection connection = outer.getConnection()) {
			connection.setAutoCommit(false);
			SqliteFiles.execute(connection, "CREATE TABLE t (a)");
			connection.commit();
		}
	}

	@Test
	void eachConnectionOfAPoolIsSetUp() throws Exception {
		try (HikariDataSource pool = SqliteFiles.hikari(file(), 4)) {
			DataSource prepared = SqliteDataSources.prepare(pool, SqliteOptions.defaults());
			assertThatEachIsSetUp(prepared, 4, 5000, 1);
		}
	}

	@Test
	void theOptionsReachEachConnection() throws Exception {
		SqliteOptions options = SqliteOptions.defaults()
			.withBusyTimeout(Duration.ofSeconds(7))
			.withSynchronous(SqliteOptions.Synchronous.FULL);
		assertThatEachIsSetUp(SqliteDataSources.prepare(simple(file()), options), 2, 7000, 2);
		assertThatEachIsSetUp(SqliteDataSources.prepare(driver(file()), options), 2, 7000, 2);
		assertThatEachIsSetUp(SqliteDataSources.prepare(new FinalDataSource(file()), options), 2, 7000, 2);
		try (HikariDataSource pool = manualCommit(file(), 2)) {
			assertThatEachIsSetUp(SqliteDataSources.prepare(pool, options), 2, 7000, 2);
		}
	}

	@Test
	void aConnectionIsSetUpOnceAndNotWithEachCheckout() throws Exception {
		try (HikariDataSource pool = SqliteFiles.hikari(file(), 1)) {
			DataSource prepared = SqliteDataSources.prepare(pool, SqliteOptions.defaults());
			try (Connection connection = prepared.getConnection()) {
				SqliteFiles.update(connection, "PRAGMA synchronous = OFF");
			}
			try (Connection connection = prepared.getConnection()) {
				assertThat(SqliteFiles.number(connection, "PRAGMA synchronous")).isZero();
			}
		}
	}

	@Test
	void theBusyTimeoutSurvivesAStatementWithAQueryTimeout() throws Exception {
		DataSource prepared = SqliteDataSources.prepare(simple(file()), SqliteOptions.defaults());
		try (Connection connection = prepared.getConnection(); Statement statement = connection.createStatement()) {
			statement.setQueryTimeout(1);
			statement.executeUpdate("CREATE TABLE t (a)");
			assertThat(SqliteFiles.number(connection, "PRAGMA busy_timeout")).isEqualTo(5000);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:sqlite:", "jdbc:sqlite::memory:", "jdbc:sqlite:file:a?mode=memory&cache=shared",
			"jdbc:sqlite:file::memory:?cache=shared", "jdbc:sqlite:file:/a?vfs=memdb" })
	void aDatabaseWithoutAFileIsRefused(String url) {
		SQLiteDataSource dataSource = new SQLiteDataSource();
		dataSource.setUrl(url);
		DataSource prepared = SqliteDataSources.prepare(dataSource, SqliteOptions.defaults());
		assertThatExceptionOfType(SQLException.class).isThrownBy(prepared::getConnection)
			.withMessageContaining("'" + url + "'")
			.withMessageContaining("jdbc:sqlite:app.db");
	}

	@Test
	void aRefusedConnectionGoesBackToItsPool() {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl("jdbc:sqlite::memory:");
			pool.setMaximumPoolSize(1);
			pool.setConnectionTimeout(1000);
			DataSource prepared = SqliteDataSources.prepare(pool, SqliteOptions.defaults());
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(prepared::getConnection)
					.withMessageContaining("without a file");
			}
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
		}
	}

	@Test
	void aReadOnlyDatabaseCanBeRead() throws Exception {
		try (Connection connection = SqliteFiles.raw(file())) {
			SqliteFiles.update(connection, "CREATE TABLE t (a)");
		}
		for (String url : List.of("jdbc:sqlite:file:" + file() + "?mode=ro",
				SqliteFiles.url(file()) + "?open_mode=1")) {
			SQLiteDataSource dataSource = new SQLiteDataSource();
			dataSource.setUrl(url);
			dataSource.setReadOnly(url.contains("open_mode"));
			DataSource prepared = SqliteDataSources.prepare(dataSource, SqliteOptions.defaults());
			try (Connection connection = prepared.getConnection()) {
				connection.setAutoCommit(false);
				assertThat(SqliteFiles.number(connection, "SELECT count(*) FROM t")).isZero();
				connection.commit();
			}
		}
	}

	@Test
	void aMethodThatPromisesTheDriversClassIsRefused() throws Exception {
		SQLiteDataSource prepared = (SQLiteDataSource) SqliteDataSources.prepare(driver(file()),
				SqliteOptions.defaults());
		assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
			.isThrownBy(() -> prepared.getConnection("user", "password"))
			.withMessageContaining("getConnection()");
		try (Connection connection = prepared.getConnection()) {
			assertThat(connection.unwrap(SQLiteConnection.class)).isNotNull();
		}
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:sqlite:app.db, true", "JDBC:SQLITE:app.db, true", "jdbc:turso:app.db, true",
			"jdbc:postgresql://localhost/app, false", "jdbc:sqlite, false", "sqlite:app.db, false" })
	void urlsAreTold(String url, boolean sqlite) {
		assertThat(SqliteDataSources.isSqliteUrl(url)).isEqualTo(sqlite);
	}

	@Test
	void aConnectionIsWhatItWasBefore() throws Exception {
		try (HikariDataSource pool = SqliteFiles.hikari(file(), 2)) {
			DataSource prepared = SqliteDataSources.prepare(pool, SqliteOptions.defaults());
			Connection connection = prepared.getConnection();
			try (Connection other = prepared.getConnection()) {
				assertThat(connection.isWrapperFor(SQLiteConnection.class)).isTrue();
				assertThat(connection.unwrap(SQLiteConnection.class)).isNotNull();
				assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
				assertThat(connection).isEqualTo(connection).isNotEqualTo(other).hasSameHashCodeAs(connection);
				assertThat(connection).asString().contains("SQLite");
				try (Statement statement = connection.createStatement()) {
					assertThat(statement.getConnection()).isSameAs(connection);
					assertThat(statement).isEqualTo(statement).hasSameHashCodeAs(statement);
				}
				connection.close();
				assertThat(connection.isClosed()).isTrue();
				assertThatExceptionOfType(SQLException.class).isThrownBy(connection::createStatement);
			}
		}
	}

	@Test
	void generatedKeysAndReturningWork() throws Exception {
		DataSource prepared = SqliteDataSources.prepare(simple(file()), SqliteOptions.defaults());
		try (Connection connection = prepared.getConnection()) {
			SqliteFiles.update(connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
			for (boolean autoCommit : new boolean[] { true, false }) {
				connection.setAutoCommit(autoCommit);
				try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (a) VALUES (?)",
						Statement.RETURN_GENERATED_KEYS)) {
					insert.setString(1, "x");
					insert.executeUpdate();
					try (ResultSet keys = insert.getGeneratedKeys()) {
						assertThat(keys.next()).isTrue();
						assertThat(keys.getLong(1)).isEqualTo(autoCommit ? 1 : 3);
					}
				}
				assertThat(SqliteFiles.number(connection, "INSERT INTO t (a) VALUES ('y') RETURNING id"))
					.isEqualTo(autoCommit ? 2 : 4);
			}
			connection.commit();
		}
	}

	private Path file() {
		return this.directory.resolve("app.db");
	}

	private static void assertThatEachIsSetUp(DataSource dataSource, int count, int busyTimeout, int synchronous)
			throws SQLException {
		List<Connection> connections = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			connections.add(dataSource.getConnection());
		}
		for (Connection connection : connections) {
			assertThat(SqliteFiles.text(connection, "PRAGMA journal_mode")).isEqualTo("wal");
			assertThat(SqliteFiles.number(connection, "PRAGMA busy_timeout")).isEqualTo(busyTimeout);
			assertThat(SqliteFiles.number(connection, "PRAGMA synchronous")).isEqualTo(synchronous);
			connection.close();
		}
	}

	static HikariDataSource manualCommit(Path file, int size) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(SqliteFiles.url(file));
		pool.setMaximumPoolSize(size);
		pool.setAutoCommit(false);
		return pool;
	}

	private static DataSource simple(Path file) {
		return new SimpleDriverDataSource(new JDBC(), SqliteFiles.url(file));
	}

	private static SQLiteDataSource driver(Path file) {
		SQLiteDataSource dataSource = new SQLiteDataSource();
		dataSource.setUrl(SqliteFiles.url(file));
		return dataSource;
	}

	/** Nobody can extend it, and it hides what is behind it. */
	private static final class FinalDataSource extends AbstractDataSource {

		private final DataSource target;

		FinalDataSource(Path file) {
			this(simple(file));
		}

		FinalDataSource(DataSource target) {
			this.target = target;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return this.target.getConnection();
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return this.target.getConnection(username, password);
		}

	}

}
