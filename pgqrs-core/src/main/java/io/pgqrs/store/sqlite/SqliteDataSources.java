package io.pgqrs.store.sqlite;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Locale;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopConfigException;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * Makes any {@link DataSource} of a SQLite file safe for many threads, so that nothing
 * but its URL is needed.
 * <p>
 * The connections of a prepared data source use WAL, the busy timeout and the durability
 * of the {@link SqliteOptions}, begin every transaction that may write with
 * {@code BEGIN IMMEDIATE}, and write one after the other: all data sources of one file in
 * this process share a fair writer lock. It is taken before the transaction begins, which
 * is with its first statement, and given back when the transaction is over. Transactions
 * that are marked as read-only take no lock, see the state of their first statement until
 * their end, and cannot write. A statement outside of a transaction takes the lock for
 * itself if it may write.
 * <p>
 * Other processes that write to the same file are waited for with the busy timeout.
 *
 * @since 0.1.0
 */
public final class SqliteDataSources {

	private static final Log logger = LogFactory.getLog(SqliteDataSources.class);

	private SqliteDataSources() {
	}

	/**
	 * Prepares a data source. The result is a subclass of the given one's class wherever
	 * that class can have one, so that a bean of type {@code HikariDataSource} remains
	 * one. No connection is opened.
	 * <p>
	 * Databases without a file ({@code jdbc:sqlite::memory:}, {@code mode=memory},
	 * {@code vfs=memdb}, an empty name) are refused with the first connection: they are
	 * either private to one connection or cannot be read while somebody writes.
	 * @param dataSource the data source of a SQLite file
	 * @param options how its connections are set up
	 * @return the prepared data source, or the given one if it is prepared already
	 */
	public static DataSource prepare(DataSource dataSource, SqliteOptions options) {
		Assert.notNull(dataSource, "'dataSource' must not be null");
		Assert.notNull(options, "'options' must not be null");
		if (isPrepared(dataSource)) {
			return dataSource;
		}
		SqliteConnections connections = new SqliteConnections(options);
		DataSource subclass = subclass(dataSource, connections);
		return (subclass != null) ? subclass : new DelegatingPreparedDataSource(dataSource, connections);
	}

	/**
	 * Whether a data source is the result of {@link #prepare}, or a
	 * {@link DelegatingDataSource} around it.
	 * @param dataSource any data source
	 * @return whether it is prepared
	 */
	public static boolean isPrepared(DataSource dataSource) {
		if (dataSource instanceof DelegatingPreparedDataSource || isIntercepted(dataSource)) {
			return true;
		}
		DataSource target = (dataSource instanceof DelegatingDataSource delegating) ? delegating.getTargetDataSource()
				: null;
		return target != null && isPrepared(target);
	}

	/**
	 * Whether a JDBC URL names a database in SQLite's format.
	 * @param url a JDBC URL
	 * @return whether it begins with {@code jdbc:sqlite:} or {@code jdbc:turso:}
	 */
	public static boolean isSqliteUrl(String url) {
		String lowerCase = url.trim().toLowerCase(Locale.ROOT);
		return lowerCase.startsWith("jdbc:sqlite:") || lowerCase.startsWith("jdbc:turso:");
	}

	private static @Nullable DataSource subclass(DataSource dataSource, SqliteConnections connections) {
		if (!hasOverridableConnectionMethods(dataSource.getClass())) {
			return null;
		}
		ProxyFactory factory = new ProxyFactory();
		factory.setTarget(dataSource);
		factory.setProxyTargetClass(true);
		factory.addAdvice(new ConnectionInterceptor(connections));
		try {
			return (DataSource) factory.getProxy(dataSource.getClass().getClassLoader());
		}
		catch (AopConfigException ex) {
			// No subclass in a native image, or of a class that is not visible to it.
			logger.warn("The prepared data source is no " + dataSource.getClass().getName()
					+ ", because that class cannot be extended: " + ex.getMessage());
			return null;
		}
	}

	private static boolean isIntercepted(DataSource dataSource) {
		return dataSource instanceof Advised advised && Arrays.stream(advised.getAdvisors())
			.anyMatch((advisor) -> advisor.getAdvice() instanceof ConnectionInterceptor);
	}

	private static boolean hasOverridableConnectionMethods(Class<?> type) {
		return !Modifier.isFinal(type.getModifiers()) && !isFinal(type, "getConnection")
				&& !isFinal(type, "getConnection", String.class, String.class);
	}

	private static boolean isFinal(Class<?> type, String name, Class<?>... parameterTypes) {
		Method method = ReflectionUtils.findMethod(type, name, parameterTypes);
		return method != null && Modifier.isFinal(method.getModifiers());
	}

}
