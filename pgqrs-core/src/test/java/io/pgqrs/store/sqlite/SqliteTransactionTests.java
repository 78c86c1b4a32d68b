package io.pgqrs.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConnection;

import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SqliteTransactionTests {

	@TempDir
	Path directory;

	private Path file;

	private HikariDataSource pool;

	private HikariDataSource dataSource;

	private JdbcClient jdbc;

	private TransactionTemplate transaction;

	@BeforeEach
	void open() throws SQLException {
		this.file = this.directory.resolve("app.db");
		this.pool = SqliteFiles.hikari(this.file, 3);
		use(this.pool);
		this.jdbc.sql("CREATE TABLE t (a INTEGER PRIMARY KEY)").update();
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	private void use(HikariDataSource pool) {
		this.dataSource = SqliteFiles.prepared(pool, SqliteFiles.IMPATIENT);
		this.jdbc = JdbcClient.create(this.dataSource);
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
	}

	@Test
	void aTransactionHoldsTheLockFromItsFirstStatementToItsCommit() throws Exception {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			assertThatNobodyWrites();
			SqliteFiles.number(connection, "SELECT count(*) FROM t");
			assertThat(lock().isHeld()).isTrue();
			assertThatOthersCannotWrite();
			connection.commit();
			assertThatNobodyWrites();
			SqliteFiles.update(connection, "INSERT INTO t VALUES (1)");
			assertThat(lock().isHeld()).isTrue();
			connection.rollback();
			assertThatNobodyWrites();
			SqliteFiles.update(connection, "INSERT INTO t VALUES (2)");
			connection.setAutoCommit(true);
			assertThatNobodyWrites();
		}
		assertThat(rows()).containsExactly(2);
	}

	@Test
	void aTransactionThatIsClosedIsRolledBack() throws Exception {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			SqliteFiles.update(connection, "INSERT INTO t VALUES (1)");
		}
		assertThatNobodyWrites();
		assertThat(rows()).isEmpty();
	}

	@Test
	void aTransactionThatIsClosedIsRolledBackWhateverItsPoolDoes() throws Exception {
		SingleConnectionDataSource single = new SingleConnectionDataSource(SqliteFiles.url(this.file), true);
		DataSource prepared = SqliteDataSources.prepare(single, SqliteFiles.IMPATIENT);
		Connection connection = prepared.getConnection();
		connection.setAutoCommit(false);
		SqliteFiles.update(connection, "INSERT INTO t VALUES (1)");
		connection.close();
		assertThatNobodyWrites();
		assertThat(rows()).isEmpty();
		single.destroy();
	}

	@Test
	void aPreparedStatementBeginsEachOfItsTransactions() throws Exception {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
				for (int i = 1; i <= 3; i++) {
					insert.setInt(1, i);
					insert.executeUpdate();
					assertThat(lock().isHeld()).isTrue();
					connection.commit();
					assertThatNobodyWrites();
				}
			}
		}
		assertThat(rows()).containsExactly(1, 2, 3);
	}

	@Test
	void aReadThatIsFollowedByAWriteSeesWhatOthersWroteBefore() throws Exception {
		try (Connection connection = this.dataSource.getConnection(); Connection other = SqliteFiles.raw(this.file)) {
			connection.setAutoCommit(false);
			SqliteFiles.update(other, "INSERT INTO t VALUES (1)");
			assertThat(SqliteFiles.number(connection, "SELECT count(*) FROM t")).isOne();
			SqliteFiles.update(connection, "INSERT INTO t VALUES (2)");
			connection.commit();
		}
		assertThat(rows()).containsExactly(1, 2);
	}

	@Test
	void aReadOnlyTransactionTakesNoLockAndKeepsItsView() throws Exception {
		this.transaction.setReadOnly(true);
		this.transaction.executeWithoutResult((status) -> {
			assertThat(rows()).isEmpty();
			insertOutside(1);
			assertThat(rows()).isEmpty();
			assertThatException().isThrownBy(() -> insert(2)).withMessageContaining("READONLY");
		});
		assertThatNobodyWrites();
		assertThat(rows()).containsExactly(1);
		insert(3);
		insert(4);
		assertThat(rows()).containsExactly(1, 3, 4);
	}

	@Test
	void readOnlyEndsWithTheCheckout() throws Exception {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setReadOnly(true);
			assertThat(connection.isReadOnly()).isTrue();
			connection.setAutoCommit(false);
			SqliteFiles.number(connection, "SELECT count(*) FROM t");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.setReadOnly(false))
				.withMessageContaining("inside a transaction");
		}
		try (Connection connection = this.dataSource.getConnection()) {
			assertThat(connection.isReadOnly()).isFalse();
			SqliteFiles.update(connection, "INSERT INTO t VALUES (1)");
		}
	}

	@Test
	void aNestedTransactionRollsBackAlone() throws Exception {
		TransactionTemplate nested = new TransactionTemplate(this.transaction.getTransactionManager());
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		this.transaction.executeWithoutResult((status) -> {
			nested.executeWithoutResult((inner) -> {
				insert(1);
				inner.setRollbackOnly();
			});
			nested.executeWithoutResult((inner) -> insert(2));
		});
		assertThatNobodyWrites();
		assertThat(rows()).containsExactly(2);
	}

	@Test
	void aSavepointBeginsTheTransactionItBelongsTo() throws Exception {
		try (Connection connection = this.dataSource.getConnection()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::setSavepoint)
				.withMessageContaining("setAutoCommit(false)");
			connection.setAutoCommit(false);
			Savepoint savepoint = connection.setSavepoint("first");
			assertThat(lock().isHeld()).isTrue();
			SqliteFiles.update(connection, "INSERT INTO t VALUES (1)");
			connection.rollback(savepoint);
			assertThat(lock().isHeld()).isTrue();
			connection.commit();
			assertThatNobodyWrites();
		}
		assertThat(rows()).isEmpty();
	}

	@Test
	void requiresNewInsideAWriteFailsAtOnce() {
		TransactionTemplate requiresNew = requiresNew();
		this.transaction.executeWithoutResult((status) -> {
			insert(1);
			assertThatException().isThrownBy(() -> requiresNew.executeWithoutResult((inner) -> insert(2)))
				.withStackTraceContaining("REQUIRES_NEW");
			assertThatException().isThrownBy(() -> insertOutside(2)).withStackTraceContaining("REQUIRES_NEW");
		});
		assertThatNobodyWrites();
		assertThat(rows()).containsExactly(1);
	}

	@Test
	void requiresNewWorksBeforeTheFirstStatementForReadingAndAfterTheCommit() {
		TransactionTemplate requiresNew = requiresNew();
		TransactionTemplate reading = requiresNew();
		reading.setReadOnly(true);
		this.transaction.executeWithoutResult((status) -> {
			requiresNew.executeWithoutResult((inner) -> insert(1));
			insert(2);
			reading.executeWithoutResult((inner) -> assertThat(rows()).containsExactly(1));
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
				@Override
				public void afterCommit() {
					requiresNew.executeWithoutResult((inner) -> insert(3));
				}
			});
		});
		assertThat(rows()).containsExactly(1, 2, 3);
	}

	@Test
	void aTransactionMayEndOnAnotherThread() throws Exception {
		Connection connection = this.dataSource.getConnection();
		connection.setAutoCommit(false);
		SqliteFiles.update(connection, "INSERT INTO t VALUES (1)");
		CompletableFuture.runAsync(() -> {
			try {
				SqliteFiles.update(connection, "INSERT INTO t VALUES (2)");
				connection.commit();
				connection.close();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}).get(10, TimeUnit.SECONDS);
		insert(3);
		assertThat(rows()).containsExactly(1, 2, 3);
	}

	@Test
	void aWaitThatIsTooLongIsATransientErrorAndFreesTheConnection() throws Exception {
		String holder = Thread.currentThread().getName();
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			SqliteFiles.update(connection, "INSERT INTO t VALUES (1)");
			for (int i = 0; i < 5; i++) {
				CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
					assertThatExceptionOfType(CannotAcquireLockException.class)
						.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> insert(2)))
						.withStackTraceContaining("thread '" + holder + "'");
					assertThatExceptionOfType(CannotAcquireLockException.class).isThrownBy(() -> insert(2));
				});
				other.get(10, TimeUnit.SECONDS);
			}
			connection.commit();
		}
		this.transaction.executeWithoutResult((status) -> insert(2));
		assertThat(rows()).containsExactly(1, 2);
		assertThat(this.pool.getHikariPoolMXBean().getActiveConnections()).isZero();
	}

	@Test
	void theQueryTimeoutOfAStatementShortensTheWait() throws Exception {
		HikariDataSource patient = SqliteFiles.prepared(this.pool, SqliteOptions.defaults());
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			SqliteFiles.update(connection, "INSERT INTO t VALUES (1)");
			CompletableFuture.runAsync(() -> {
				try (Connection other = patient.getConnection(); Statement statement = other.createStatement()) {
					statement.setQueryTimeout(1);
					assertThatExceptionOfType(SQLTransactionRollbackException.class)
						.isThrownBy(() -> statement.executeUpdate("INSERT INTO t VALUES (2)"))
						.withMessageContaining("PT1S");
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			}).get(10, TimeUnit.SECONDS);
		}
	}

	@Test
	void aBeginThatFailsFreesTheLockAndTheConnection() throws Exception {
		try (Connection other = SqliteFiles.raw(this.file)) {
			SqliteFiles.execute(other, "BEGIN IMMEDIATE");
			for (int i = 0; i < 5; i++) {
				assertThatExceptionOfType(CannotAcquireLockException.class)
					.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> insert(1)))
					.withStackTraceContaining("Another process")
					.withStackTraceContaining("app.db");
				assertThat(lock().isHeld()).isFalse();
			}
			try (Connection connection = this.dataSource.getConnection()) {
				connection.setAutoCommit(false);
				assertThatExceptionOfType(SQLTransactionRollbackException.class)
					.isThrownBy(() -> SqliteFiles.update(connection, "INSERT INTO t VALUES (1)"));
				assertThat(lock().isHeld()).isFalse();
				SqliteFiles.execute(other, "COMMIT");
				SqliteFiles.update(connection, "INSERT INTO t VALUES (2)");
				connection.commit();
			}
		}
		this.transaction.executeWithoutResult((status) -> insert(3));
		assertThatNobodyWrites();
		assertThat(rows()).containsExactly(2, 3);
	}

	@Test
	void aCommitThatFailsLeavesNothingBehind() throws Exception {
		this.pool.close();
		HikariConfig config = SqliteFiles.config(this.file, 1);
		config.addDataSourceProperty("foreign_keys", "true");
		this.pool = new HikariDataSource(config);
		use(this.pool);
		this.jdbc.sql("CREATE TABLE child (parent REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED)").update();
		for (int i = 0; i < 3; i++) {
			assertThatException()
				.isThrownBy(() -> this.transaction
					.executeWithoutResult((status) -> this.jdbc.sql("INSERT INTO child VALUES (7)").update()))
				.withStackTraceContaining("FOREIGN KEY");
			assertThatNobodyWrites();
		}
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			SqliteFiles.update(connection, "INSERT INTO child VALUES (7)");
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit);
			assertThat(lock().isHeld()).isTrue();
			SqliteFiles.update(connection, "INSERT INTO t VALUES (7)");
			connection.commit();
			assertThatNobodyWrites();
		}
		assertThat(rows()).containsExactly(7);
	}

	@Test
	void aTransactionThatSqliteEndedOnItsOwnCanBeRolledBack() throws Exception {
		insert(1);
		for (int i = 0; i < 5; i++) {
			assertThatException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				insert(2);
				this.jdbc.sql("INSERT OR ROLLBACK INTO t VALUES (1)").update();
			})).withStackTraceContaining("UNIQUE");
			assertThatNobodyWrites();
		}
		this.transaction.executeWithoutResult((status) -> insert(3));
		assertThat(rows()).containsExactly(1, 3);
	}

	@Test
	void aStatementOutsideOfATransactionTakesTheLockForItself() throws Exception {
		try (Connection connection = this.dataSource.getConnection();
				Connection other = this.dataSource.getConnection()) {
			SqliteFiles.update(connection, "INSERT INTO t VALUES (1)");
			assertThatNobodyWrites();
			other.setAutoCommit(false);
			SqliteFiles.update(other, "INSERT INTO t VALUES (2)");
			assertThat(SqliteFiles.number(connection, "SELECT count(*) FROM t")).isOne();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> SqliteFiles.update(connection, "INSERT INTO t VALUES (3)"));
			other.commit();
			SqliteFiles.update(connection, "INSERT INTO t VALUES (3)");
		}
		assertThat(rows()).containsExactly(1, 2, 3);
	}

	@Test
	void theRowsOfAReturningOutsideOfATransactionAreReadUnderTheLock() throws Exception {
		try (Connection connection = this.dataSource.getConnection()) {
			try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?), (?) RETURNING a")) {
				for (int i = 0; i < 3; i++) {
					insert.setInt(1, 2 * i);
					insert.setInt(2, 2 * i + 1);
					ResultSet rows = insert.executeQuery();
					assertThat(rows.next()).isTrue();
					assertThat(rows.getStatement()).isSameAs(insert);
					assertThat(lock().isHeld()).isTrue();
					if (i == 0) {
						rows.close();
						assertThatNobodyWrites();
					}
				}
				assertThat(lock().isHeld()).isTrue();
			}
			assertThatNobodyWrites();
			Statement statement = connection.createStatement();
			assertThat(statement.execute("UPDATE t SET a = a + 10 RETURNING a")).isTrue();
			assertThat(lock().isHeld()).isTrue();
			try (ResultSet rows = statement.getResultSet()) {
				assertThat(rows.next()).isTrue();
			}
			assertThatNobodyWrites();
			statement.executeQuery("UPDATE t SET a = a + 10 RETURNING a");
			assertThat(lock().isHeld()).isTrue();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.setAutoCommit(false))
				.withMessageContaining("Close its result");
		}
		assertThatNobodyWrites();
		assertThat(this.jdbc.sql("DELETE FROM t WHERE a = 20 RETURNING a").query(Integer.class).list())
			.containsExactly(20);
		assertThatNobodyWrites();
	}

	@Test
	void aTransactionByTextHoldsTheLockToo() throws Exception {
		try (Connection connection = this.dataSource.getConnection()) {
			SqliteFiles.execute(connection, "BEGIN");
			SqliteFiles.execute(connection, "INSERT INTO t VALUES (1)");
			SqliteFiles.execute(connection, "SAVEPOINT inner");
			SqliteFiles.execute(connection, "INSERT INTO t VALUES (2)");
			SqliteFiles.execute(connection, "ROLLBACK TO inner");
			SqliteFiles.execute(connection, "RELEASE inner");
			assertThat(lock().isHeld()).isTrue();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.setAutoCommit(false));
			SqliteFiles.execute(connection, "COMMIT");
			assertThatNobodyWrites();
			SqliteFiles.update(connection, "BEGIN; INSERT INTO t VALUES (3); COMMIT");
			assertThatNobodyWrites();
			SqliteFiles.execute(connection, "BEGIN IMMEDIATE");
			SqliteFiles.execute(connection, "INSERT INTO t VALUES (4)");
		}
		assertThatNobodyWrites();
		assertThat(rows()).containsExactly(1, 3);
	}

	@Test
	void aBatchOutsideOfATransactionTakesTheLock() throws Exception {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.addBatch("INSERT INTO t VALUES (1)");
			statement.addBatch("BEGIN");
			statement.addBatch("INSERT INTO t VALUES (2)");
			statement.executeBatch();
			assertThat(lock().isHeld()).isTrue();
			statement.executeUpdate("COMMIT");
			assertThatNobodyWrites();
		}
		assertThat(rows()).containsExactly(1, 2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?jdbc.explicit_readonly=true" })
	void aPoolWithoutAutoCommitHoldsNothingWhenIdle(String parameters) throws Exception {
		this.pool.close();
		HikariConfig config = SqliteFiles.config(this.file, 3);
		config.setJdbcUrl(SqliteFiles.url(this.file) + parameters);
		config.setAutoCommit(false);
		this.pool = new HikariDataSource(config);
		use(this.pool);
		for (int i = 1; i <= 3; i++) {
			int number = i;
			this.transaction.executeWithoutResult((status) -> {
				assertThat(rows()).hasSize(number - 1);
				insert(number);
			});
			assertThatNobodyWrites();
			this.transaction.setReadOnly(true);
			this.transaction.executeWithoutResult((status) -> assertThat(rows()).hasSize(number));
			this.transaction.setReadOnly(false);
		}
		try (Connection connection = this.dataSource.getConnection()) {
			assertThat(connection.getAutoCommit()).isFalse();
			SqliteFiles.update(connection, "INSERT INTO t VALUES (4)");
			assertThat(lock().isHeld()).isTrue();
		}
		assertThatNobodyWrites();
		assertThat(rows()).containsExactly(1, 2, 3);
	}

	@Test
	void aUrlThatAsksForImmediateTransactionsDoesNotLockIdleConnections() throws Exception {
		this.pool.close();
		HikariConfig config = SqliteFiles.config(this.file, 3);
		config.setJdbcUrl(SqliteFiles.url(this.file) + "?transaction_mode=IMMEDIATE");
		this.pool = new HikariDataSource(config);
		use(this.pool);
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			SqliteFiles.update(connection, "INSERT INTO t VALUES (1)");
			connection.commit();
			assertThatNobodyWrites();
		}
		assertThat(rows()).containsExactly(1);
	}

	@Test
	void anErrorInATransactionIsTheUsersToHandle() throws Exception {
		insert(1);
		this.transaction.executeWithoutResult((status) -> {
			assertThatException().isThrownBy(() -> insert(1)).withStackTraceContaining("UNIQUE");
			insert(2);
		});
		assertThatNobodyWrites();
		assertThat(rows()).containsExactly(1, 2);
	}

	@Test
	void aConnectionThatIsClosedBehindItsPoolFreesTheLock() throws Exception {
		Connection connection = this.dataSource.getConnection();
		connection.setAutoCommit(false);
		SqliteFiles.update(connection, "INSERT INTO t VALUES (1)");
		connection.unwrap(SQLiteConnection.class).close();
		assertThatExceptionOfType(SQLException.class).isThrownBy(connection::close);
		assertThatNobodyWrites();
	}

	private TransactionTemplate requiresNew() {
		TransactionTemplate requiresNew = new TransactionTemplate(this.transaction.getTransactionManager());
		requiresNew.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		return requiresNew;
	}

	private void insert(int a) {
		this.jdbc.sql("INSERT INTO t VALUES (?)").param(a).update();
	}

	private void insertOutside(int a) {
		try (Connection connection = this.dataSource.getConnection()) {
			SqliteFiles.update(connection, "INSERT INTO t VALUES (" + a + ")");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<Integer> rows() {
		return this.jdbc.sql("SELECT a FROM t ORDER BY a").query(Integer.class).list();
	}

	private WriterLock lock() {
		return WriterLock.of(this.file);
	}

	/** Neither our lock nor SQLite's own is held. */
	private void assertThatNobodyWrites() {
		assertThat(lock().isHeld()).isFalse();
		try (Connection raw = SqliteFiles.raw(this.file)) {
			SqliteFiles.execute(raw, "BEGIN IMMEDIATE");
			SqliteFiles.execute(raw, "ROLLBACK");
		}
		catch (SQLException ex) {
			throw new AssertionError("SQLite's write lock is held", ex);
		}
	}

	private void assertThatOthersCannotWrite() throws SQLException {
		try (Connection raw = SqliteFiles.raw(this.file)) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> SqliteFiles.execute(raw, "BEGIN IMMEDIATE"))
				.withMessageContaining("BUSY");
		}
	}

}
