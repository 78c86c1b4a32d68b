package io.pgqrs.store.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The transactions of one checked out connection, one after the other, and their hold on
 * the writer lock.
 * <p>
 * The driver begins a deferred transaction when auto-commit is switched off and after
 * each commit and rollback. Until its first statement such a transaction has read nothing
 * and locks nothing, so it may wait for the writer lock and be replaced by an immediate
 * one. Doing so with the first statement, not earlier, means that an idle connection
 * holds nothing, whether its pool works with auto-commit or without, and that the next
 * transaction after a commit begins as the first one did.
 * <p>
 * Used by one thread at a time, as connections are.
 */
final class SqliteTransaction {

	private final Connection connection;

	private final Connection physical;

	private final WriterLock lock;

	private final Duration lockTimeout;

	private boolean autoCommit;

	private boolean readOnly;

	private boolean closed;

	/** Whether a statement ran in the JDBC transaction. */
	private boolean begun;

	/** Whether a transaction was begun by SQL text, with auto-commit on. */
	private boolean begunBySql;

	/** Statements that run outside of a transaction, or whose result is still read. */
	private int statements;

	private WriterLock.@Nullable Hold hold;

	SqliteTransaction(Connection connection, Connection physical, WriterLock lock, Duration lockTimeout)
			throws SQLException {
		this.connection = connection;
		this.physical = physical;
		this.lock = lock;
		this.lockTimeout = lockTimeout;
		this.autoCommit = connection.getAutoCommit();
	}

	/** Whether a statement that runs now is part of a transaction begun by JDBC. */
	boolean isJdbc() {
		return !this.autoCommit;
	}

	/**
	 * To be called before a statement runs.
	 * @return whether {@link #afterStatement} is to be called when the statement and its
	 * result are done
	 */
	boolean beforeStatement(StatementKind kind, Statement statement) throws SQLException {
		if (this.closed) {
			return false;
		}
		if (!this.autoCommit) {
			begin(statement);
			return false;
		}
		if (kind == StatementKind.READ || this.readOnly) {
			return false;
		}
		acquire(statement);
		this.statements++;
		return true;
	}

	void afterStatement(StatementKind kind) {
		this.statements--;
		if (kind == StatementKind.CONTROL && !this.closed) {
			this.begunBySql = isInTransaction();
		}
		if (this.statements == 0 && !this.begunBySql) {
			release();
		}
	}

	void beforeSavepoint() throws SQLException {
		if (this.closed) {
			return;
		}
		if (this.autoCommit) {
			// The driver would begin a deferred transaction, which may fail to write.
			throw new SQLException("A savepoint needs a transaction. Call setAutoCommit(false) first");
		}
		begin(null);
	}

	void setAutoCommit(boolean autoCommit) throws SQLException {
		if (this.closed || autoCommit == this.autoCommit) {
			this.connection.setAutoCommit(autoCommit);
			return;
		}
		if (this.begunBySql || this.statements > 0) {
			throw new SQLException("A write outside of a JDBC transaction has not ended."
					+ " Close its result, or end by SQL the transaction that was begun by SQL");
		}
		if (this.begun) {
			// Not left to the driver: when this commit fails, the driver believes to be
			// in auto-commit mode and refuses the rollback.
			commit();
		}
		this.connection.setAutoCommit(autoCommit);
		this.autoCommit = autoCommit;
	}

	/** A commit that fails leaves the transaction open, and its hold in place. */
	void commit() throws SQLException {
		this.connection.commit();
		end();
	}

	void rollback() throws SQLException {
		if (!this.begun) {
			this.connection.rollback();
			return;
		}
		try {
			this.connection.rollback();
		}
		catch (SQLException ex) {
			if (!beginAgain(ex)) {
				throw ex;
			}
		}
		finally {
			end();
		}
	}

	boolean isReadOnly() throws SQLException {
		return this.readOnly || this.connection.isReadOnly();
	}

	/**
	 * Has SQLite itself refuse to write. The driver's own read-only flag throws, or
	 * writes nothing ever after.
	 */
	void setReadOnly(boolean readOnly) throws SQLException {
		if (this.closed || readOnly == this.readOnly) {
			return;
		}
		if (this.begun || this.hold != null) {
			throw new SQLException("Read-only cannot be switched on or off inside a transaction");
		}
		SqliteDriver.execute(this.physical, "PRAGMA query_only = " + readOnly);
		this.readOnly = readOnly;
	}

	void close() throws SQLException {
		if (this.closed) {
			return;
		}
		this.closed = true;
		try {
			reset();
		}
		finally {
			try {
				this.connection.close();
			}
			finally {
				end();
			}
		}
	}

	// Not every pool rolls back, and none knows of begunBySql and query_only.
	private void reset() throws SQLException {
		try {
			if (this.begun) {
				rollback();
			}
			else if (this.begunBySql) {
				SqliteDriver.execute(this.physical, "ROLLBACK");
			}
			if (this.readOnly) {
				SqliteDriver.execute(this.physical, "PRAGMA query_only = false");
			}
		}
		catch (SQLException ex) {
			// Never back into the pool with an open transaction.
			this.physical.close();
		}
	}

	private void begin(@Nullable Statement statement) throws SQLException {
		if (this.begun) {
			if (this.hold != null) {
				this.hold.usedBy(Thread.currentThread());
			}
			return;
		}
		if (!this.readOnly) {
			beginImmediate(statement);
		}
		this.begun = true;
	}

	private void beginImmediate(@Nullable Statement statement) throws SQLException {
		acquire(statement);
		try {
			SqliteDriver.execute(this.physical, "COMMIT");
			SqliteDriver.execute(this.physical, "BEGIN IMMEDIATE");
		}
		catch (SQLException ex) {
			beginAgain(ex);
			release();
			if (SqliteDriver.resultCode(ex) != SqliteDriver.BUSY) {
				throw ex;
			}
			throw new SQLTransactionRollbackException(
					"Another process has held the write lock of %s for longer than the busy timeout"
						.formatted(this.lock.file()),
					WriterLock.CANNOT_LOCK, ex.getErrorCode(), ex);
		}
	}

	/**
	 * Begins the deferred transaction that the driver believes in, where SQLite has ended
	 * it: after a failed BEGIN IMMEDIATE, and on errors that roll back on their own, such
	 * as a full disk or INSERT OR ROLLBACK.
	 * @return whether there was no transaction
	 */
	private boolean beginAgain(SQLException cause) {
		try {
			SqliteDriver.execute(this.physical, "BEGIN");
			return true;
		}
		catch (SQLException ex) {
			cause.addSuppressed(ex);
			return false;
		}
	}

	// The driver does not show sqlite3_get_autocommit.
	private boolean isInTransaction() {
		try {
			SqliteDriver.execute(this.physical, "BEGIN");
			SqliteDriver.execute(this.physical, "COMMIT");
			return false;
		}
		catch (SQLException ex) {
			return true;
		}
	}

	private void acquire(@Nullable Statement statement) throws SQLException {
		if (this.hold != null) {
			this.hold.usedBy(Thread.currentThread());
			return;
		}
		Duration timeout = this.lockTimeout;
		if (statement != null && statement.getQueryTimeout() > 0) {
			Duration queryTimeout = Duration.ofSeconds(statement.getQueryTimeout());
			timeout = (queryTimeout.compareTo(timeout) < 0) ? queryTimeout : timeout;
		}
		this.hold = this.lock.acquire(timeout);
	}

	private void end() {
		this.begun = false;
		this.begunBySql = false;
		release();
	}

	private void release() {
		if (this.hold != null) {
			this.hold.release();
			this.hold = null;
		}
	}

}
