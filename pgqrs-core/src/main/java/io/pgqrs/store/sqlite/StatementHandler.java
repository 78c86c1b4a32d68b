package io.pgqrs.store.sqlite;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/** Tells the {@link SqliteTransaction} before a statement runs, and when it is done. */
final class StatementHandler implements InvocationHandler {

	private static final Class<?>[] RESULT_SET = { ResultSet.class };

	private final Connection connection;

	private final Statement statement;

	private final @Nullable String sql;

	private @Nullable StatementKind kind;

	private final SqliteTransaction transaction;

	/**
	 * Set while the rows of an INSERT ... RETURNING outside of a transaction are read: as
	 * long as they are, SQLite does not commit.
	 */
	private @Nullable StatementKind open;

	StatementHandler(Connection connection, Statement statement, @Nullable String sql, SqliteTransaction transaction) {
		this.connection = connection;
		this.statement = statement;
		this.sql = sql;
		this.transaction = transaction;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
		String name = method.getName();
		if (name.startsWith("execute")) {
			return execute((Statement) proxy, method, args);
		}
		return switch (name) {
			case "close" -> close(method);
			case "getResultSet" -> tracked((Statement) proxy, ConnectionHandler.call(this.statement, method, args));
			case "getConnection" -> this.connection;
			case "equals" -> proxy == ConnectionHandler.first(args);
			case "hashCode" -> System.identityHashCode(proxy);
			default -> ConnectionHandler.call(this.statement, method, args);
		};
	}

	private @Nullable Object execute(Statement proxy, Method method, Object @Nullable [] args) throws Throwable {
		// Inside a transaction it makes no difference.
		StatementKind kind = this.transaction.isJdbc() ? StatementKind.WRITE : kind(args);
		StatementKind previous = this.open;
		this.open = null;
		boolean counted = false;
		try {
			counted = this.transaction.beforeStatement(kind, this.statement);
			Object result = ConnectionHandler.call(this.statement, method, args);
			if (counted && (result instanceof ResultSet || Boolean.TRUE.equals(result))) {
				this.open = kind;
			}
			return tracked(proxy, result);
		}
		finally {
			// Only now has the driver closed the previous result.
			if (previous != null) {
				this.transaction.afterStatement(previous);
			}
			if (counted && this.open == null) {
				this.transaction.afterStatement(kind);
			}
		}
	}

	private StatementKind kind(Object @Nullable [] args) {
		if (args != null && args[0] instanceof String text) {
			return StatementKind.of(text);
		}
		if (this.kind == null) {
			// Without a text it is a batch of any statements.
			this.kind = (this.sql != null) ? StatementKind.of(this.sql) : StatementKind.CONTROL;
		}
		return this.kind;
	}

	private @Nullable Object close(Method method) throws Throwable {
		try {
			return ConnectionHandler.call(this.statement, method, null);
		}
		finally {
			endResult();
		}
	}

	private @Nullable Object tracked(Statement proxy, @Nullable Object result) {
		if (this.open == null || !(result instanceof ResultSet rows)) {
			return result;
		}
		InvocationHandler handler = (rowsProxy, method, args) -> switch (method.getName()) {
			case "close" -> {
				try {
					yield ConnectionHandler.call(rows, method, args);
				}
				finally {
					endResult();
				}
			}
			case "getStatement" -> proxy;
			case "equals" -> rowsProxy == ConnectionHandler.first(args);
			case "hashCode" -> System.identityHashCode(rowsProxy);
			default -> ConnectionHandler.call(rows, method, args);
		};
		return Proxy.newProxyInstance(StatementHandler.class.getClassLoader(), RESULT_SET, handler);
	}

	private void endResult() {
		StatementKind kind = this.open;
		this.open = null;
		if (kind != null) {
			this.transaction.afterStatement(kind);
		}
	}

}
