package io.pgqrs.store.sqlite;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The statements of pgqrs in one checkout of a connection. They are prepared once for all
 * checkouts, and so below the pool, which would close them at the end of this one.
 */
final class ReusedStatements {

	private static final Class<?>[] PREPARED_STATEMENT = { PreparedStatement.class };

	/** What the names of all tables begin with. */
	private static final String OURS = "pgqrs_";

	private final Connection physical;

	private final StatementCache cache;

	private final Set<ReusedStatement> inUse = new LinkedHashSet<>();

	private boolean closed;

	ReusedStatements(Connection physical, StatementCache cache) {
		this.physical = physical;
		this.cache = cache;
	}

	/** Others are prepared as always: there may be any number of them. */
	static boolean include(String sql) {
		return sql.contains(OURS);
	}

	PreparedStatement prepare(String sql) throws SQLException {
		PreparedStatement statement = this.cache.take(sql);
		if (statement == null) {
			statement = this.physical.prepareStatement(sql);
		}
		ReusedStatement reused = new ReusedStatement(sql, statement, this);
		this.inUse.add(reused);
		return (PreparedStatement) Proxy.newProxyInstance(ReusedStatements.class.getClassLoader(), PREPARED_STATEMENT,
				reused);
	}

	/** Is done with one. */
	void end(ReusedStatement statement, boolean reusable) throws SQLException {
		this.inUse.remove(statement);
		if (reusable) {
			this.cache.giveBack(statement.sql(), statement.target());
		}
		else {
			statement.target().close();
		}
	}

	/** Whether the checkout has ended: the connection may be somebody else's by now. */
	boolean areClosed() {
		return this.closed;
	}

	/** The checkout ends, and so do the statements that nobody closed. */
	void close() throws SQLException {
		this.closed = true;
		@Nullable SQLException failure = null;
		for (ReusedStatement statement : List.copyOf(this.inUse)) {
			try {
				statement.close();
			}
			catch (SQLException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

}
