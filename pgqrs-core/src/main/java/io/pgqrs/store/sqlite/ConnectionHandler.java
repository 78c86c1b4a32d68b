package io.pgqrs.store.sqlite;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** Leads what begins and ends transactions to the {@link SqliteTransaction}. */
final class ConnectionHandler implements InvocationHandler {

	private final Connection connection;

	private final SqliteTransaction transaction;

	private final @Nullable ReusedStatements reused;

	/**
	 * For one checkout.
	 * @param reused null to prepare all statements anew
	 */
	ConnectionHandler(Connection connection, SqliteTransaction transaction, @Nullable ReusedStatements reused) {
		this.connection = connection;
		this.transaction = transaction;
		this.reused = reused;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
		switch (method.getName()) {
			case "createStatement", "prepareStatement", "prepareCall" -> {
				return statement((Connection) proxy, method, args);
			}
			case "setSavepoint" -> this.transaction.beforeSavepoint();
			case "setAutoCommit" -> {
				this.transaction.setAutoCommit((Boolean) first(args));
				return null;
			}
			case "setReadOnly" -> {
				this.transaction.setReadOnly((Boolean) first(args));
				return null;
			}
			case "isReadOnly" -> {
				return this.transaction.isReadOnly();
			}
			case "commit" -> {
				this.transaction.commit();
				return null;
			}
			case "rollback" -> {
				if (args == null) {
					this.transaction.rollback();
					return null;
				}
			}
			case "close" -> {
				close();
				return null;
			}
			case "unwrap" -> {
				return unwrap(proxy, (Class<?>) first(args));
			}
			case "isWrapperFor" -> {
				return isWrapperFor(proxy, (Class<?>) first(args));
			}
			case "equals" -> {
				return proxy == first(args);
			}
			case "hashCode" -> {
				return System.identityHashCode(proxy);
			}
			case "toString" -> {
				return "Prepared SQLite connection around " + this.connection;
			}
			default -> {
			}
		}
		return call(this.connection, method, args);
	}

	private Object statement(Connection proxy, Method method, Object @Nullable [] args) throws Throwable {
		String sql = (args != null && args[0] instanceof String text) ? text : null;
		ReusedStatements reused = this.reused;
		Statement statement = (reused != null && !reused.areClosed() && sql != null && isPreparation(method)
				&& ReusedStatements.include(sql)) ? reused.prepare(sql)
						: (Statement) Objects.requireNonNull(call(this.connection, method, args));
		return Proxy.newProxyInstance(ConnectionHandler.class.getClassLoader(),
				new Class<?>[] { method.getReturnType() },
				new StatementHandler(proxy, statement, sql, this.transaction));
	}

	/** Of a plain statement, which returns no generated keys. */
	private static boolean isPreparation(Method method) {
		return method.getName().equals("prepareStatement") && method.getParameterCount() == 1;
	}

	private void close() throws SQLException {
		try {
			if (this.reused != null) {
				this.reused.close();
			}
		}
		finally {
			this.transaction.close();
		}
	}

	private Object unwrap(Object proxy, Class<?> type) throws SQLException {
		return type.isInstance(proxy) ? proxy : this.connection.unwrap(type);
	}

	private boolean isWrapperFor(Object proxy, Class<?> type) throws SQLException {
		return type.isInstance(proxy) || this.connection.isWrapperFor(type);
	}

	static @Nullable Object call(Object target, Method method, Object @Nullable [] args) throws Throwable {
		try {
			return method.invoke(target, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	/** The argument of a method that has one. */
	static Object first(Object @Nullable [] args) {
		return Objects.requireNonNull(args)[0];
	}

}
