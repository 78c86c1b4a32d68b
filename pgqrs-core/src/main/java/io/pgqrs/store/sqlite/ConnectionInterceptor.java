package io.pgqrs.store.sqlite;

import java.sql.Connection;
import java.sql.SQLFeatureNotSupportedException;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/** Prepares the connections that a proxied data source hands out. */
final class ConnectionInterceptor implements MethodInterceptor {

	private final SqliteConnections connections;

	ConnectionInterceptor(SqliteConnections connections) {
		this.connections = connections;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object result = invocation.proceed();
		if (!(result instanceof Connection connection) || !isGetConnection(invocation)) {
			return result;
		}
		if (!invocation.getMethod().getReturnType().isAssignableFrom(PreparedConnection.class)) {
			// SQLiteDataSource.getConnection(user, password) promises the driver's class.
			connection.close();
			throw new SQLFeatureNotSupportedException("A connection of the driver's class "
					+ invocation.getMethod().getReturnType().getName()
					+ " would bypass the writer lock. Use getConnection() and, where needed, Connection.unwrap");
		}
		return this.connections.prepare(connection);
	}

	private static boolean isGetConnection(MethodInvocation invocation) {
		return invocation.getMethod().getName().equals("getConnection");
	}

}
