package io.pgqrs.crash;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Where a process can die: before and after everything that it writes to its database,
 * before and after each commit, and wherever {@link #reach} is called. Halts the JVM at
 * one of these boundaries, or only notes which there are.
 */
final class WorkflowBoundaries {

	/** Exit code of a JVM that was halted. */
	static final int HALTED = 42;

	private static final Pattern WRITE = Pattern.compile("\\b(INSERT INTO|UPDATE|DELETE FROM)\\s+\\S*?pgqrs_(\\w+)");

	/** Workers write by the clock, and no run depends on it. */
	private static final String WORKERS = "workers";

	private final String last;

	private final Set<String> reached = Collections.synchronizedSet(new LinkedHashSet<>());

	/** How often something was written; guarded by itself. */
	private final Map<String, Integer> writes = new HashMap<>();

	private String lastWrite;

	/**
	 * Makes boundaries.
	 * @param last where to halt; null for nowhere
	 */
	WorkflowBoundaries(String last) {
		this.last = last;
	}

	/** Comes to a boundary: only the first time counts. */
	void reach(String boundary) {
		if (this.reached.add(boundary) && boundary.equals(this.last)) {
			Runtime.getRuntime().halt(HALTED);
		}
	}

	/** The boundaries that were reached, in this order. */
	List<String> reached() {
		synchronized (this.reached) {
			return List.copyOf(this.reached);
		}
	}

	/** Looks on at a data source. */
	DataSource wrap(DataSource dataSource) {
		return new DelegatingDataSource(dataSource) {

			@Override
			public Connection getConnection() throws SQLException {
				return connection(super.getConnection());
			}

		};
	}

	private Connection connection(Connection connection) {
		Transaction transaction = new Transaction();
		return proxy(Connection.class, connection, (proxy, method, args) -> {
			if (method.getName().equals("commit")) {
				return commit(connection, method, transaction);
			}
			Object result = call(connection, method, args);
			if (result instanceof PreparedStatement statement) {
				return statement(PreparedStatement.class, statement, (String) args[0], transaction);
			}
			return (result instanceof Statement statement) ? statement(Statement.class, statement, null, transaction)
					: result;
		});
	}

	private Object commit(Connection connection, Method method, Transaction transaction) throws Throwable {
		String written = transaction.written;
		transaction.written = null;
		if (written == null) {
			return call(connection, method, null);
		}
		reach("before the commit of " + written);
		Object result = call(connection, method, null);
		reach("after the commit of " + written);
		return result;
	}

	/** What a statement has written is committed, or at least sure, when it is closed. */
	private <T extends Statement> T statement(Class<T> type, T statement, String sql, Transaction transaction) {
		return proxy(type, statement, (proxy, method, args) -> {
			if (method.getName().startsWith("execute")) {
				String write = write((args != null && args[0] instanceof String text) ? text : sql);
				if (write != null) {
					reach("before " + write);
					transaction.writing = write;
				}
			}
			Object result = call(statement, method, args);
			if (method.getName().equals("close") && transaction.writing != null) {
				reach("after " + transaction.writing);
				transaction.written = transaction.writing;
				transaction.writing = null;
			}
			return result;
		});
	}

	/** What a statement writes, and that for the how manieth time; null if nothing. */
	private String write(String sql) {
		Matcher matcher = WRITE.matcher((sql != null) ? sql : "");
		String write = matcher.results()
			.map((match) -> match.group(1) + " " + match.group(2))
			.distinct()
			.collect(Collectors.joining(" + "));
		return (write.isEmpty() || write.contains(WORKERS)) ? null : write + " #" + number(write);
	}

	/**
	 * The same twice running counts as once: whether a claim is repeated depends on the
	 * time.
	 */
	private int number(String write) {
		synchronized (this.writes) {
			boolean again = write.equals(this.lastWrite);
			this.lastWrite = write;
			return this.writes.merge(write, 1, (before, one) -> again ? before : before + one);
		}
	}

	private static <T> T proxy(Class<T> type, Object target, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(WorkflowBoundaries.class.getClassLoader(), new Class<?>[] { type },
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

	/** Of one checked out connection, used by one thread at a time. */
	private static final class Transaction {

		/** By the statement that is not closed yet. */
		private String writing;

		/** By the last statement that is closed. */
		private String written;

	}

}
