package io.pgqrs.test;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Looks on at the driver: what ran through the data sources it {@linkplain #wrap wraps},
 * with its parameters.
 */
public final class StatementLog {

	private final List<Entry> entries = Collections.synchronizedList(new ArrayList<>());

	/**
	 * Wraps a data source.
	 * @param dataSource the data source
	 * @return one that does the same, and is looked on at
	 */
	public DataSource wrap(DataSource dataSource) {
		return new LoggedDataSource(dataSource, this);
	}

	/** Forgets what ran so far. */
	public void clear() {
		this.entries.clear();
	}

	/**
	 * What ran since the last {@link #clear()}.
	 * @return a copy, the oldest first
	 */
	public List<Entry> entries() {
		synchronized (this.entries) {
			return List.copyOf(this.entries);
		}
	}

	/**
	 * The texts of what ran.
	 * @return a copy, the oldest first
	 */
	public List<String> statements() {
		return entries().stream().map(Entry::sql).collect(Collectors.toList());
	}

	private Connection connection(Connection connection) {
		return proxy(Connection.class, connection, (proxy, method, args) -> {
			Object result = call(connection, method, args);
			if (result instanceof PreparedStatement statement) {
				return statement(PreparedStatement.class, statement, (String) args[0]);
			}
			return (result instanceof Statement statement) ? statement(Statement.class, statement, null) : result;
		});
	}

	private <T extends Statement> T statement(Class<T> type, T statement, String sql) {
		Map<Integer, Object> parameters = new TreeMap<>();
		return proxy(type, statement, (proxy, method, args) -> {
			String name = method.getName();
			if (name.startsWith("execute")) {
				String text = (args != null && args[0] instanceof String argument) ? argument : sql;
				this.entries.add(new Entry(text, List.copyOf(parameters.values())));
			}
			else if (name.equals("setNull")) {
				parameters.put((Integer) args[0], Parameter.NULL);
			}
			else if (name.startsWith("set") && args != null && args.length >= 2
					&& args[0] instanceof Integer position) {
				parameters.put(position, (args[1] != null) ? args[1] : Parameter.NULL);
			}
			return call(statement, method, args);
		});
	}

	private static <T> T proxy(Class<T> type, Object target, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(StatementLog.class.getClassLoader(), new Class<?>[] { type },
				(proxy, method, args) -> switch (method.getName()) {
					case "equals" -> proxy == args[0];
					case "hashCode" -> System.identityHashCode(proxy);
					default -> handler.invoke(proxy, method, args);
				}));
	}

	private static Object call(Object target, Method method, Object[] args) throws Throwable {
		try {
			return method.invoke(target, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	/** A parameter without a value. */
	public enum Parameter {

		/** It is null. */
		NULL

	}

	/**
	 * A statement that ran.
	 *
	 * @param sql its text
	 * @param parameters in their order, {@link Parameter#NULL} for null
	 */
	public record Entry(String sql, List<Object> parameters) {

		/**
		 * The parameters, to run the statement once more.
		 * @return with null for {@link Parameter#NULL}
		 */
		public Object[] values() {
			return this.parameters.stream().map((value) -> (value != Parameter.NULL) ? value : null).toArray();
		}

	}

	/** Wraps connections. */
	private static final class LoggedDataSource extends DelegatingDataSource {

		private final StatementLog log;

		LoggedDataSource(DataSource target, StatementLog log) {
			super(target);
			this.log = log;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return this.log.connection(super.getConnection());
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return this.log.connection(super.getConnection(username, password));
		}

	}

}
