package io.pgqrs.schema;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Keeps Flyway from setting the search path of a session, which a pooler would hand on to
 * the application: Flyway takes it back at its end, but maybe in another session. Our
 * migrations name the schema and do not need it.
 */
final class SearchPathKeeper extends DelegatingDataSource {

	private static final String FOR_THE_SESSION = "SELECT set_config('search_path', ?, false)";

	private static final String FOR_THE_TRANSACTION = "SELECT set_config('search_path', ?, true)";

	SearchPathKeeper(DataSource target) {
		super(target);
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		return (Connection) Proxy.newProxyInstance(SearchPathKeeper.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, args) -> {
					if (method.getName().equals("prepareStatement") && FOR_THE_SESSION.equals(args[0])) {
						args[0] = FOR_THE_TRANSACTION;
					}
					try {
						return method.invoke(connection, args);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

}
