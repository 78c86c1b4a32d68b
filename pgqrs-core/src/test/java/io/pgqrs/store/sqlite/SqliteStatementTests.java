package io.pgqrs.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Statements that are prepared once for a connection, and not for each checkout. */
class SqliteStatementTests {

	private static final String OURS = "SELECT a FROM pgqrs_t WHERE a > ? ORDER BY a";

	private static final String THEIRS = "SELECT a FROM t WHERE a > ?";

	@TempDir
	Path directory;

	private HikariDataSource pool;

	private HikariDataSource dataSource;

	@BeforeEach
	void open() {
		this.pool = SqliteFiles.hikari(this.directory.resolve("app.db"), 1);
		this.dataSource = SqliteFiles.prepared(this.pool, SqliteFiles.IMPATIENT);
		JdbcClient jdbc = JdbcClient.create(this.dataSource);
		for (String table : new String[] { "t", "pgqrs_t" }) {
			jdbc.sql("CREATE TABLE " + table + " (a INTEGER PRIMARY KEY)").update();
			jdbc.sql("INSERT INTO " + table + " VALUES (1), (2), (3)").update();
		}
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	@Test
	void oursIsPreparedOnceForAllCheckouts() throws SQLException {
		assertThat(driverStatement(OURS)).isSameAs(driverStatement(OURS));
	}

	@Test
	void thatOfTheApplicationIsPreparedEachTime() throws SQLException {
		assertThat(driverStatement(THEIRS)).isNotSameAs(driverStatement(THEIRS));
	}

	@Test
	void itForgetsItsParameters() throws SQLException {
		driverStatement(OURS);
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(OURS);
				ResultSet rows = statement.executeQuery()) {
			assertThat(rows.next()).isFalse();
		}
	}

	@Test
	void twoAtOnceAreTwo() throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement outer = connection.prepareStatement(OURS);
				PreparedStatement inner = connection.prepareStatement(OURS)) {
			outer.setInt(1, 0);
			inner.setInt(1, 1);
			try (ResultSet outerRows = outer.executeQuery(); ResultSet innerRows = inner.executeQuery()) {
				assertThat(outerRows.next()).isTrue();
				assertThat(innerRows.next()).isTrue();
				assertThat(outerRows.getInt(1)).isEqualTo(1);
				assertThat(innerRows.getInt(1)).isEqualTo(2);
			}
		}
	}

	@Test
	void whatWasToldMoreThanParametersIsNotUsedAgain() throws SQLException {
		Statement first;
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(OURS)) {
			statement.setMaxRows(1);
			first = read(statement);
		}
		assertThat(first.isClosed()).isTrue();
		assertThat(driverStatement(OURS)).isNotSameAs(first);
	}

	@Test
	void whatFailedIsNotUsedAgain() throws SQLException {
		String insert = "INSERT INTO pgqrs_t VALUES (?) RETURNING a";
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(insert)) {
			statement.setInt(1, 1);
			assertThatExceptionOfType(SQLException.class).isThrownBy(statement::executeQuery);
		}
		assertThat(read(insert, 4)).isEqualTo(4);
		assertThat(read(insert, 5)).isEqualTo(5);
	}

	@Test
	void nobodyUsesItAfterItsEnd() throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			PreparedStatement statement = connection.prepareStatement(OURS);
			read(statement);
			statement.close();
			statement.close();
			assertThat(statement.isClosed()).isTrue();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.setInt(1, 1));
			assertThatExceptionOfType(SQLException.class).isThrownBy(statement::executeQuery);
		}
	}

	@Test
	void itEndsWithItsCheckout() throws SQLException {
		PreparedStatement statement;
		ResultSet rows;
		try (Connection connection = this.dataSource.getConnection()) {
			statement = connection.prepareStatement(OURS);
			statement.setInt(1, 0);
			rows = statement.executeQuery();
			assertThat(rows.next()).isTrue();
		}
		assertThat(statement.isClosed()).isTrue();
		assertThat(rows.isClosed()).isTrue();
		// A result that is still read would hold on to its state of the file.
		assertThat(JdbcClient.create(this.dataSource)
			.sql("PRAGMA wal_checkpoint(TRUNCATE)")
			.query((row, index) -> row.getInt("busy"))
			.single()).isZero();
	}

	@Test
	void aCheckoutThatHasEndedPreparesNothing() throws SQLException {
		Connection connection = this.dataSource.getConnection();
		connection.close();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.prepareStatement(OURS));
	}

	@Test
	void noMoreAreKeptThanAProcessNeeds() throws SQLException {
		Statement first = driverStatement(OURS);
		for (int i = 0; i < 100; i++) {
			driverStatement(OURS + " LIMIT " + i);
		}
		assertThat(first.isClosed()).isTrue();
		Statement last = driverStatement(OURS);
		assertThat(driverStatement(OURS)).isSameAs(last);
	}

	@Test
	void itEndsWithItsConnection() throws SQLException {
		PreparedStatement statement = (PreparedStatement) driverStatement(OURS);
		Connection physical = statement.getConnection();
		this.pool.close();
		// The pool closes in a thread of its own.
		await().until(physical::isClosed);
		assertThatExceptionOfType(SQLException.class).isThrownBy(statement::executeQuery);
	}

	private Statement driverStatement(String sql) throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setInt(1, 0);
			return read(statement);
		}
	}

	private int read(String sql, int parameter) throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setInt(1, parameter);
			try (ResultSet rows = statement.executeQuery()) {
				assertThat(rows.next()).isTrue();
				return rows.getInt(1);
			}
		}
	}

	/** Reads the rows, and finds out what has made them. */
	private static Statement read(PreparedStatement statement) throws SQLException {
		try (ResultSet rows = statement.executeQuery()) {
			Statement driverStatement = rows.getStatement();
			while (rows.next()) {
				assertThat(rows.getInt(1)).isPositive();
			}
			return driverStatement;
		}
	}

}
