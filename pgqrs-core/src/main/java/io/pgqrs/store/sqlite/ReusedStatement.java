package io.pgqrs.store.sqlite;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * One use of a prepared statement, from its preparation to its closing. Only when nothing
 * but parameters were set and a query was executed is it as good as new afterwards;
 * everything else closes it indeed.
 */
final class ReusedStatement implements InvocationHandler {

	private static final Set<String> HARMLESS = Set.of("getQueryTimeout", "getWarnings", "getUpdateCount",
			"getParameterMetaData");

	private final String sql;

	private final PreparedStatement target;

	private final ReusedStatements statements;

	private boolean closed;

	private boolean reusable = true;

	private @Nullable ResultSet result;

	ReusedStatement(String sql, PreparedStatement target, ReusedStatements statements) {
		this.sql = sql;
		this.target = target;
		this.statements = statements;
	}

	String sql() {
		return this.sql;
	}

	PreparedStatement target() {
		return this.target;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
		switch (method.getName()) {
			case "close" -> {
				close();
				return null;
			}
			case "isClosed" -> {
				return this.closed || this.target.isClosed();
			}
			case "equals" -> {
				return proxy == ConnectionHandler.first(args);
			}
			case "hashCode" -> {
				return System.identityHashCode(proxy);
			}
			case "toString" -> {
				return this.sql;
			}
			default -> {
			}
		}
		if (this.closed) {
			throw new SQLException("The statement is closed: " + this.sql);
		}
		if (method.getName().equals("executeQuery") && args == null) {
			return query();
		}
		this.reusable &= isParameter(method) || HARMLESS.contains(method.getName());
		return ConnectionHandler.call(this.target, method, args);
	}

	private static boolean isParameter(Method method) {
		return method.getDeclaringClass() == PreparedStatement.class && method.getName().startsWith("set");
	}

	private ResultSet query() throws SQLException {
		boolean before = this.reusable;
		this.reusable = false;
		ResultSet rows = this.target.executeQuery();
		this.result = rows;
		this.reusable = before;
		return rows;
	}

	void close() throws SQLException {
		if (this.closed) {
			return;
		}
		this.closed = true;
		this.statements.end(this, clean());
	}

	private boolean clean() {
		if (!this.reusable || this.result == null) {
			return false;
		}
		try {
			this.result.close();
			this.target.clearParameters();
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

}
